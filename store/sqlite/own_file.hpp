#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.hpp"
#include "store/sqlite/named_damage.hpp"

// What the small files beside the log have alike: keys.db, people.db.
namespace vitrine::store::sqlite {

struct OwnFileKind {
    int application_id = 0;
    const char* what = "";  // "a key file of Vitrine"
    /// From each version to the next, beginning with none. A file is led through those it lacks.
    std::span<const char* const> schema_steps;
};

constexpr int own_file_busy_ms = 5000;  // someone looks at the file with a tool

/// Throws std::runtime_error: another program's file, or a newer Vitrine's.
void check_kind(
    SQLite::Database& connection, const std::filesystem::path& file, const OwnFileKind& kind
);

/// Made for the owner alone where there is none, and led to the present version. `pragmas` are set
/// once it is known to be ours. What is committed is on disk, what is deleted is overwritten.
SQLite::Database open_own_file(
    const std::filesystem::path& file, const OwnFileKind& kind, const char* pragmas
);

[[noreturn]] void throw_naming(const std::filesystem::path& file, const SQLite::Exception& error);

/// The result of `work`. What SQLite says of the file names it, so that whoever reads it knows
/// which.
template <class Work>
auto naming_file(const std::filesystem::path& file, Work work) {
    try {
        return naming_damage(file, std::move(work));
    } catch (const SQLite::Exception& error) {
        throw_naming(file, error);
    }
}

std::string blob(const SQLite::Statement& row, int index);
void bind_blob(SQLite::Statement& statement, int index, std::string_view bytes);
std::int64_t micros(Timestamp time);
Timestamp time_of(std::int64_t micros);

}  // namespace vitrine::store::sqlite
