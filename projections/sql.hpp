#pragma once

// SQLite for the files of read models.

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql/statement.hpp"

namespace vitrine::projections {

using store::sqlite::Statement;

/// A statement whose text is made at run time.
class MadeStatement {
public:
    MadeStatement(SQLite::Database& database, std::string sql)
        : sql_(std::move(sql)), statement_(database.getHandle(), sql_.c_str()) {}
    MadeStatement(const MadeStatement&) = delete;
    MadeStatement& operator=(const MadeStatement&) = delete;

    Statement* operator->() { return &statement_; }

private:
    std::string sql_;
    Statement statement_;
};

/// "INSERT INTO t(a,b,c) VALUES(?,?,?)"; with `key` columns also ON CONFLICT … DO UPDATE.
std::string insert_sql(
    std::string_view table,
    std::span<const std::string_view> columns,
    const std::vector<std::string_view>& key,
    std::size_t rows = 1
);

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file);

/// WAL, synchronous NORMAL: a commit is atomic but not synced, so a power cut may undo the last
/// ones, rows and checkpoint together; the log still has their events.
std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& file);

}  // namespace vitrine::projections
