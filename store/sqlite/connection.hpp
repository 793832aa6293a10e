#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>

namespace vitrine::store::sqlite {

/// Pages of 4 KiB that the WAL may grow to before it is written back into the file: 16 MiB. Fewer
/// (SQLite's default is 1,000) write pages back that the next commits touch again; more make the
/// pause longer in which the writer does it, a tenth of a second for 32 MiB on a plain disk.
constexpr int checkpoint_pages = 4096;

std::filesystem::path log_file(const std::filesystem::path& directory);

/// The one connection that writes: WAL, each commit synced. It never checkpoints by itself inside a
/// commit; the writer does so when nobody waits for an answer. Creates the file if absent.
SQLite::Database open_for_writing(const std::filesystem::path& directory);

/// A connection that only reads. Throws std::runtime_error if there is no log.
SQLite::Database open_for_reading(const std::filesystem::path& directory);

}  // namespace vitrine::store::sqlite
