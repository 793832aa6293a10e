#pragma once

#include <cstdint>
#include <filesystem>

#include "projections/model_files.hpp"
#include "projections/projector.hpp"
#include "projections/rebuild.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

struct Built {
    Position position = 0;
    std::uint64_t events = 0;  // in the rows
    Position continued = 0;    // an interrupted build was taken up there
};

/// Fills a new file from the log, up to its head: one thread reads, this one folds; rows are
/// written at the end, indexes after them. A build that takes longer than
/// options.save_interval, or more than options.memory, saves what it has, so that it can be
/// continued: `file` may be such a one, and is taken up if its tallies are those of the log.
/// When it returns, the file is on disk and its checkpoint has been read back. On an exception the
/// file is removed, except on Cancelled when it can be continued.
/// Strict: throws PoisonEvent for an event that cannot be applied and that no operator has
/// dismissed.
Built build_model_file(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
);

/// The same the live way, for when that has thrown PoisonEvent: what cannot be applied is parked.
/// Several times as slow, and never continued. On an exception the file is removed. Throws
/// PoisonEvent under Poison::stop.
void build_parking(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
);

/// As build_model_file, for one tenant: a copy of `live` with its rows made anew, up to the
/// position of `live`.
Built build_tenant(
    store::EventStore& store,
    const std::filesystem::path& live,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
);

/// Builds the file that a rebuild will switch to: a new one, the one that an interrupted build has
/// left, or a tenant's. Fills in what the report says of it.
LiveFile build_candidate(
    store::EventStore& store,
    ModelFiles& files,
    const Projection& projection,
    const RebuildOptions& options,
    RebuildReport& report
);

}  // namespace vitrine::projections
