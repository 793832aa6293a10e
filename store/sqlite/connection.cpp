#include "store/sqlite/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>

#include <mutex>
#include <stdexcept>
#include <string>

#include "store/descriptor.hpp"
#include "store/durable_file.hpp"
#include "store/sql/at_rest.hpp"
#include "store/sqlite/named_damage.hpp"
#include "store/sqlite/schema.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;  // someone looks at the file with a tool

/// The memory statistics of SQLite take one lock for all threads at each allocation. Has no effect
/// if another part of the program has used SQLite before.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

/// Made here so that it, and the -wal and -shm that take its mode, are for us alone.
void create_private(const std::filesystem::path& file) {
    const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.is_open()) {
        sync_directory(file.parent_path());
    } else if (errno != EEXIST) {
        throw_system_error("cannot create " + file.string());
    }
}

SQLite::Database open(const std::string& name, int flags) {
    SQLite::Database connection(name, flags | SQLITE_OPEN_NOMUTEX, busy_timeout_ms);
    sqlite3_extended_result_codes(connection.getHandle(), 1);
    return connection;
}

SQLite::Database open_and_check(const std::string& name, int flags) {
    auto connection = open(name, flags);
    connection.exec("PRAGMA cache_size = -4096");
    check_schema(connection);
    return connection;
}

}  // namespace

std::filesystem::path log_file(const std::filesystem::path& directory) {
    return directory / "events.db";
}

SQLite::Database open_for_writing(const std::filesystem::path& directory, std::size_t page_cache) {
    configure_library();
    const auto file = log_file(directory);
    create_private(file);
    return naming_damage(file, [&] {
        auto connection = open(file.string(), SQLite::OPEN_READWRITE);
        connection.exec("PRAGMA page_size = 4096");
        connection.exec("PRAGMA journal_mode = WAL");
        connection.exec("PRAGMA synchronous = FULL");
        connection.exec("PRAGMA wal_autocheckpoint = 0");
        connection.exec("PRAGMA journal_size_limit = 134217728");
        connection.exec("PRAGMA cache_size = -" + std::to_string(page_cache / 1024));
        connection.exec("PRAGMA temp_store = MEMORY");
        connection.exec("PRAGMA secure_delete = OFF"
        );  // Debian's default is ON: zeroes what it frees
        prepare_schema(connection);
        return connection;
    });
}

SQLite::Database open_for_checkpoints(const std::filesystem::path& directory) {
    auto connection = open(log_file(directory).string(), SQLite::OPEN_READWRITE);
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec("PRAGMA wal_autocheckpoint = 0");
    connection.exec("PRAGMA journal_size_limit = 134217728");
    return connection;
}

SQLite::Database open_for_reading(const std::filesystem::path& directory) {
    configure_library();
    const auto file = log_file(directory);
    if (!std::filesystem::exists(file)) {
        throw std::runtime_error("no event log in " + directory.string());
    }
    try {
        return naming_damage(file, [&] {
            return open_and_check(file.string(), SQLite::OPEN_READONLY);
        });
    } catch (const SQLite::Exception&) {
        if (has_wal(file)) throw;
        return open_and_check(at_rest(file), SQLite::OPEN_READONLY | SQLITE_OPEN_URI);
    }
}

}  // namespace vitrine::store::sqlite
