#pragma once

#include <SQLiteCpp/Database.h>

namespace vitrine::store::sqlite {

/// Tables of an empty file; checks those of an existing one. Throws std::runtime_error if the file
/// is of another program or of a newer Vitrine.
void prepare_schema(SQLite::Database& connection);

/// As prepare_schema, but for a file that must exist already.
void check_schema(SQLite::Database& connection);

}  // namespace vitrine::store::sqlite
