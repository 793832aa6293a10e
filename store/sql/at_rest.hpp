#pragma once

#include <filesystem>
#include <string>

// A database file that its writer has closed can be read in a folder where this process may not
// write: SQLite cannot make the -wal and -shm there that readers share, and needs none.
namespace vitrine::store::sqlite {

/// Somebody writes it, or has not closed it: it is not at rest.
bool has_wal(const std::filesystem::path& file);

/// The name of a file at rest, for SQLITE_OPEN_URI.
std::string at_rest(const std::filesystem::path& file);

}  // namespace vitrine::store::sqlite
