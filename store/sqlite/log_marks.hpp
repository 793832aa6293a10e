#pragma once

#include <SQLiteCpp/Database.h>

#include "store/log_marks.hpp"

namespace vitrine::store::sqlite {

LogMarks read_marks(SQLite::Database& connection);

/// In the transaction of the caller. Adds marks, never takes one away.
void add_marks(SQLite::Database& connection, const LogMarks& marks);

}  // namespace vitrine::store::sqlite
