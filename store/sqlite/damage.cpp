#include "store/damage.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace vitrine::store {

bool is_damage(const std::exception& error) {
    if (dynamic_cast<const Damaged*>(&error) != nullptr) return true;
    const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error);
    return sqlite != nullptr &&
           (sqlite->getErrorCode() == SQLITE_CORRUPT || sqlite->getErrorCode() == SQLITE_NOTADB);
}

}  // namespace vitrine::store
