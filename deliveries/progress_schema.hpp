#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace SQLite {
class Database;
}

// For the .cpp files of progress.
namespace vitrine::deliveries {

// States of `exceptions`.
constexpr int row_pending = 0;
constexpr int row_dead = 1;

/// So many of those that were taken last are kept for lists.
constexpr std::int64_t kept_taken = 1000;

/// Opens the file for writing; one that is not there, damaged, or of another layout is begun anew.
std::unique_ptr<SQLite::Database> open_progress(const std::filesystem::path& file);

/// For reading, beside who writes it. nullptr: there is none of this layout.
std::unique_ptr<SQLite::Database> open_progress_for_reading(const std::filesystem::path& file);

/// Without anything in it.
void begin_anew(SQLite::Database& database);

}  // namespace vitrine::deliveries
