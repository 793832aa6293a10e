#include "store/sqlite/write_guard.hpp"

#include <SQLiteCpp/Exception.h>

#include <string_view>

namespace vitrine::store::sqlite {
namespace {

bool is_of_journal(const char* table) {
    const std::string_view name = table == nullptr ? "" : table;
    return name == "commands" || name == "reservations";
}

int authorize(void*, int action, const char* subject, const char*, const char*, const char*) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_FUNCTION:
        case SQLITE_TRANSACTION:
        case SQLITE_INSERT:
            return SQLITE_OK;
        case SQLITE_UPDATE:
        case SQLITE_DELETE:
            return is_of_journal(subject) ? SQLITE_OK : SQLITE_DENY;
        case SQLITE_PRAGMA: {
            const std::string_view name(subject);
            return name == "data_version" || name == "user_version" ? SQLITE_OK : SQLITE_DENY;
        }
        default:
            return SQLITE_DENY;
    }
}

void check(sqlite3* connection, int code) {
    if (code != SQLITE_OK) throw SQLite::Exception(connection, code);
}

}  // namespace

void guard_writer(sqlite3* connection) {
    check(connection, sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr));
    check(connection, sqlite3_set_authorizer(connection, &authorize, nullptr));
}

}  // namespace vitrine::store::sqlite
