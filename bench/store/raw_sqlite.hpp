#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <functional>

#include "bench/store/workload.hpp"

namespace vitrine::bench {

/// The least that keeps such events: the same columns in one plain table with its unique keys, a
/// transaction for each batch, synced. No check, no hash, no answer.
class RawSqlite {
public:
    explicit RawSqlite(const std::filesystem::path& folder);

    struct Row {
        events::NewEvent event;
        StreamName stream;
        Version version = 1;
    };

    /// One transaction. `row` makes each.
    void append(std::size_t batch, const std::function<Row()>& row);

    /// Every column of every row touched, in order. Returns the number of rows.
    std::size_t scan();

private:
    SQLite::Database database_;
    SQLite::Statement begin_, commit_, insert_;
};

}  // namespace vitrine::bench
