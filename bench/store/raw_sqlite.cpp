#include "bench/store/raw_sqlite.hpp"

#include <sqlite3.h>

namespace vitrine::bench {
namespace {

SQLite::Database open(const std::filesystem::path& folder) {
    SQLite::Database database(
        (folder / "raw.db").string(),
        SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    );
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA wal_autocheckpoint = 8192");
    database.exec("PRAGMA cache_size = -65536");
    database.exec("PRAGMA secure_delete = OFF");
    database.exec(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, tenant "
        "TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, schema "
        "INTEGER NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, occurred_at INTEGER NOT "
        "NULL, recorded_at INTEGER NOT NULL, UNIQUE (tenant, stream, version))"
    );
    return database;
}

void run(SQLite::Statement& statement) {
    statement.exec();
    statement.reset();
}

}  // namespace

RawSqlite::RawSqlite(const std::filesystem::path& folder)
    : database_(open(folder)),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT"),
      insert_(database_, "INSERT INTO events VALUES (NULL, ?, 'acme', ?, ?, ?, 1, ?, ?, ?, ?)") {}

void RawSqlite::append(std::size_t batch, const std::function<Row()>& row) {
    run(begin_);
    for (std::size_t i = 0; i < batch; ++i) {
        const auto [event, stream, version] = row();
        insert_.bindNoCopy(1, event.id.str());
        insert_.bindNoCopy(2, stream.str());
        insert_.bind(3, static_cast<std::int64_t>(version));
        insert_.bindNoCopy(4, event.type);
        insert_.bindNoCopy(5, event.data);
        insert_.bindNoCopy(6, event.metadata);
        insert_.bind(7, std::int64_t{event.occurred_at.time_since_epoch().count()});
        insert_.bind(8, std::int64_t{event.occurred_at.time_since_epoch().count()});
        run(insert_);
    }
    run(commit_);
}

std::size_t RawSqlite::scan() {
    sqlite3_stmt* select = nullptr;
    constexpr const char* sql =
        "SELECT position, event_id, tenant, stream, version, type, schema, data, metadata, "
        "occurred_at, recorded_at FROM events ORDER BY position";
    if (sqlite3_prepare_v2(database_.getHandle(), sql, -1, &select, nullptr) != SQLITE_OK) {
        std::abort();
    }
    std::size_t rows = 0;
    std::size_t bytes = 0;
    while (sqlite3_step(select) == SQLITE_ROW) {
        ++rows;
        for (const int number : {0, 4, 6, 9, 10}) {
            bytes += static_cast<std::size_t>(sqlite3_column_int64(select, number) & 1);
        }
        for (const int text : {1, 2, 3, 5, 7, 8}) {
            bytes += sqlite3_column_text(select, text)[0];
            bytes += static_cast<std::size_t>(sqlite3_column_bytes(select, text));
        }
    }
    sqlite3_finalize(select);
    if (bytes == 0) std::abort();
    return rows;
}

}  // namespace vitrine::bench
