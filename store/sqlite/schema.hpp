#pragma once

#include <SQLiteCpp/Database.h>

namespace vitrine::store::sqlite {

/// From this one on the journal says whose an unfinished command is.
constexpr int version_with_owners = 3;

/// Tables of an empty file; an older file becomes one of today in one transaction. Throws
/// std::runtime_error if the file is of another program or of a newer Vitrine.
void prepare_schema(SQLite::Database& connection);

/// As above, but no further than that version (1 and up).
void prepare_schema(SQLite::Database& connection, int version);

/// Of the file; 0: it is empty.
int schema_version(SQLite::Database& connection);

/// As prepare_schema, but for a file that must exist already.
void check_schema(SQLite::Database& connection);

}  // namespace vitrine::store::sqlite
