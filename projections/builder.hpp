#pragma once

#include <cstdint>
#include <filesystem>

#include "projections/projector.hpp"
#include "projections/rebuild.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

struct Built {
    Position position = 0;
    std::uint64_t events = 0;
};

/// Fills a new file from the log, up to its head: one thread reads, this one folds; rows are
/// written at the end in key order (earlier when they exceed options.memory), indexes after them.
/// When it returns, the file is on disk and its checkpoint has been read back. On an exception the
/// file is removed.
Built build_model_file(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
);

}  // namespace vitrine::projections
