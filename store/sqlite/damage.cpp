#include "store/damage.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace vitrine::store {

bool is_damage(const std::exception& error) {
    if (dynamic_cast<const Damaged*>(&error) != nullptr) return true;
    const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error);
    if (sqlite == nullptr) return false;
    const int code = sqlite->getErrorCode() & 0xff;  // without what an extended code adds
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

}  // namespace vitrine::store
