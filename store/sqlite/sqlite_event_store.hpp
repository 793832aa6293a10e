#pragma once

#include <filesystem>
#include <memory>

#include "store/event_store.hpp"
#include "store/store_options.hpp"

namespace vitrine::store {

/// Opens or creates DIR/events.db for writing. The caller holds the DataLock.
/// Throws std::runtime_error if the file is damaged or was written by a newer program.
std::unique_ptr<EventStore> open_event_store(
    const std::filesystem::path& directory, StoreOptions options
);

/// DIR/events.db for reading, beside a running server or without one. append answers `unavailable`;
/// subscriptions follow the writing process by watching the file.
std::unique_ptr<EventStore> open_event_store_read_only(const std::filesystem::path& directory);

}  // namespace vitrine::store
