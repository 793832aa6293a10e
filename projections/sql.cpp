#include "projections/sql.hpp"

#include <unistd.h>

#include "store/sql/at_rest.hpp"

namespace vitrine::projections {
namespace {

constexpr int busy_reading_ms = 5000;
constexpr int busy_writing_ms = 500;  // who writes tries again, and shall end when it is told to

std::unique_ptr<SQLite::Database> open(const std::string& file, int flags, int busy_ms) {
    return std::make_unique<SQLite::Database>(file, flags | SQLite::OPEN_NOMUTEX, busy_ms);
}

bool may_write_beside(const std::filesystem::path& file) {
    return ::access(file.parent_path().c_str(), W_OK) == 0;
}

}  // namespace

std::string insert_sql(
    std::string_view table,
    std::span<const std::string_view> columns,
    const std::vector<std::string_view>& key,
    std::size_t rows
) {
    std::string names, marks, updates, keys;
    const auto append = [](std::string& list, std::string_view item) {
        if (!list.empty()) list += ',';
        list += item;
    };
    for (const auto column : columns) {
        append(names, column);
        append(marks, "?");
        append(updates, std::string(column) + "=excluded." + std::string(column));
    }
    for (const auto column : key) append(keys, column);
    auto sql = "INSERT INTO " + std::string(table) + '(' + names + ") VALUES(" + marks + ')';
    for (std::size_t row = 1; row < rows; ++row) sql += ",(" + marks + ')';
    if (!key.empty()) sql += " ON CONFLICT(" + keys + ") DO UPDATE SET " + updates;
    return sql;
}

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file) {
    if (may_write_beside(file) || store::sqlite::has_wal(file))
        return open(file.string(), SQLite::OPEN_READONLY, busy_reading_ms);
    return open(
        store::sqlite::at_rest(file), SQLite::OPEN_READONLY | SQLITE_OPEN_URI, busy_reading_ms
    );
}

std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& file) {
    auto database = open(file.string(), SQLite::OPEN_READWRITE, busy_writing_ms);
    database->exec("PRAGMA journal_mode=WAL");
    database->exec("PRAGMA synchronous=NORMAL");
    return database;
}

}  // namespace vitrine::projections
