#pragma once

// SQLite for the files of read models: thin words over SQLiteCpp.

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::projections {

/// Binds values from the first parameter on. Texts are not copied: they outlive the step.
class Binder {
public:
    explicit Binder(SQLite::Statement& statement) : statement_(statement) {}

    Binder& text(std::string_view value) {
        check(sqlite3_bind_text(
            statement_.getPreparedStatement(),
            ++index_,
            value.data() == nullptr ? "" : value.data(),
            static_cast<int>(value.size()),
            SQLITE_STATIC
        ));
        return *this;
    }
    Binder& number(std::int64_t value) {
        check(sqlite3_bind_int64(statement_.getPreparedStatement(), ++index_, value));
        return *this;
    }
    Binder& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
    Binder& null() {
        check(sqlite3_bind_null(statement_.getPreparedStatement(), ++index_));
        return *this;
    }

private:
    void check(int code) const;
    SQLite::Statement& statement_;
    int index_ = 0;
};

inline std::string_view text_at(const SQLite::Statement& row, int column) {
    auto* statement = row.getPreparedStatement();
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}
inline std::int64_t number_at(const SQLite::Statement& row, int column) {
    return sqlite3_column_int64(row.getPreparedStatement(), column);
}
inline std::uint64_t unsigned_at(const SQLite::Statement& row, int column) {
    return static_cast<std::uint64_t>(number_at(row, column));
}
inline bool null_at(const SQLite::Statement& row, int column) {
    return sqlite3_column_type(row.getPreparedStatement(), column) == SQLITE_NULL;
}

/// Runs a statement that answers no rows, and resets it.
void run(SQLite::Statement& statement);

/// "INSERT INTO t(a,b,c) VALUES(?,?,?)"; with `key` columns also ON CONFLICT … DO UPDATE of the others.
std::string insert_sql(
    std::string_view table,
    const std::vector<std::string_view>& columns,
    const std::vector<std::string_view>& key
);

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file);

/// WAL, synchronous NORMAL: a commit is atomic but not synced, so a power cut may undo the last ones,
/// rows and checkpoint together; the log still has their events.
std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& file);

}  // namespace vitrine::projections
