#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>

namespace vitrine::store::sqlite {

std::filesystem::path log_file(const std::filesystem::path& directory);

/// The one connection that writes: WAL, each commit synced. It never checkpoints by itself inside a
/// commit: see Checkpoints. Creates the file if absent.
SQLite::Database open_for_writing(const std::filesystem::path& directory, std::size_t page_cache);

/// A connection of a log that is open for writing, to write its WAL back into the file.
SQLite::Database open_for_checkpoints(const std::filesystem::path& directory);

/// A connection that only reads. Throws std::runtime_error if there is no log.
SQLite::Database open_for_reading(const std::filesystem::path& directory);

}  // namespace vitrine::store::sqlite
