#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "store/people_keys.hpp"

namespace vitrine::api {

/// DIR/people.db, opened with the master key as keys.db is. The caller holds the DataLock. Throws
/// std::runtime_error.
std::unique_ptr<store::PeopleKeys> open_people(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file, Clock clock
);

/// The master key of a data directory, wherever it stands. Throws std::runtime_error.
store::MasterKey master_key_of(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file
);

/// Beside a running server or without one. Without a master key, nullopt, it only tells which keys
/// live.
std::unique_ptr<store::PeopleKeys> open_people_read_only(
    const std::filesystem::path& data, const std::optional<std::filesystem::path>& master_key_file
);

}  // namespace vitrine::api
