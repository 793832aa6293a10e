#pragma once

#include <sqlite3.h>

namespace vitrine::store::sqlite {

/// Holds the writing connection to what a writer of the log does: from now on it can prepare no
/// statement that changes or removes an event, alters the schema or turns a guard off. In return
/// the triggers that tell other connections the same are not run for each of its rows; that it only
/// adds at the end is in its three INSERT statements, and the unique indexes hold it as they hold
/// all. Throws SQLite::Exception.
void guard_writer(sqlite3* connection);

}  // namespace vitrine::store::sqlite
