#include "deliveries/progress_schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <string>

#include "projections/sql.hpp"

namespace vitrine::deliveries {
namespace {

constexpr int layout = 1;

// The triggers count the dead letters, whoever makes or ends one.
constexpr const char* schema =
    "CREATE TABLE log(one INTEGER PRIMARY KEY CHECK(one=1), first_event TEXT NOT NULL);"
    "INSERT INTO log VALUES(1,'');"
    "CREATE TABLE receivers("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
    " position INTEGER NOT NULL, paused INTEGER NOT NULL DEFAULT 0,"
    " dead INTEGER NOT NULL DEFAULT 0, taken INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE(tenant,kind,id));"
    "CREATE TABLE exceptions("
    " receiver INTEGER NOT NULL, position INTEGER NOT NULL, state INTEGER NOT NULL,"
    " order_key INTEGER NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL,"
    " stream TEXT NOT NULL, recorded_at INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " due INTEGER NOT NULL, attempted_at INTEGER, outcome TEXT, detail TEXT, detail_pt TEXT,"
    " PRIMARY KEY(receiver,position)) WITHOUT ROWID;"
    "CREATE INDEX exceptions_by_state ON exceptions(receiver,state,position);"
    "CREATE INDEX exceptions_by_event ON exceptions(receiver,event_id);"
    "CREATE TABLE taken("
    " receiver INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,"
    " event_id TEXT NOT NULL, type TEXT NOT NULL, stream TEXT NOT NULL,"
    " attempts INTEGER NOT NULL, attempted_at INTEGER NOT NULL, detail TEXT, detail_pt TEXT,"
    " PRIMARY KEY(receiver,number)) WITHOUT ROWID;"
    "CREATE TABLE replays("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, receiver INTEGER NOT NULL,"
    " next INTEGER NOT NULL, last INTEGER NOT NULL);"
    "CREATE TRIGGER dead_made AFTER INSERT ON exceptions WHEN new.state=1"
    " BEGIN UPDATE receivers SET dead=dead+1 WHERE number=new.receiver; END;"
    "CREATE TRIGGER dead_ended AFTER DELETE ON exceptions WHEN old.state=1"
    " BEGIN UPDATE receivers SET dead=dead-1 WHERE number=old.receiver; END;"
    "CREATE TRIGGER dead_changed AFTER UPDATE OF state ON exceptions WHEN new.state<>old.state"
    " BEGIN UPDATE receivers SET dead=dead+new.state-old.state WHERE number=new.receiver; END;";

int layout_of(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt();
}

std::unique_ptr<SQLite::Database> open_or_make(const std::filesystem::path& file) {
    {
        SQLite::Database made(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    }
    auto database = projections::open_for_writing(file);
    if (layout_of(*database) == 0) {
        SQLite::Transaction transaction(*database);
        database->exec(schema);
        database->exec("PRAGMA user_version=" + std::to_string(layout));
        transaction.commit();
    }
    return database;
}

void remove_file(const std::filesystem::path& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
}

bool is_damage(const SQLite::Exception& error) {
    return error.getErrorCode() == SQLITE_CORRUPT || error.getErrorCode() == SQLITE_NOTADB;
}

}  // namespace

std::unique_ptr<SQLite::Database> open_progress(const std::filesystem::path& file) {
    try {
        auto database = open_or_make(file);
        if (layout_of(*database) == layout) return database;
    } catch (const SQLite::Exception& error) {
        if (!is_damage(error)) throw;
    }
    remove_file(file);
    return open_or_make(file);
}

std::unique_ptr<SQLite::Database> open_progress_for_reading(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return nullptr;
    auto database = projections::open_for_reading(file);
    return layout_of(*database) == layout ? std::move(database) : nullptr;
}

void begin_anew(SQLite::Database& database) {
    for (const char* table : {"exceptions", "taken", "replays", "receivers"})
        database.exec(std::string("DELETE FROM ") + table);
}

}  // namespace vitrine::deliveries
