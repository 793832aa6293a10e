#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/event_store.hpp"
#include "store/store_options.hpp"

namespace vitrine::store {

/// Where the log of a data directory is.
std::string url_of(const std::filesystem::path& data_directory);

/// Opens or creates a store for writing. "sqlite:DIR" is DIR/events.db, whose DataLock the caller
/// holds. Throws std::runtime_error if there is no such engine, if it is damaged, or was written by
/// a newer program.
std::unique_ptr<EventStore> open_store(const std::string& url, const StoreOptions& options = {});

/// For reading, beside a running server or without one. append answers `unavailable`;
/// subscriptions follow the writing process.
std::unique_ptr<EventStore> open_store_read_only(const std::string& url);

}  // namespace vitrine::store
