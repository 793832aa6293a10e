// What the SQLite engine promises beyond the contract: the file itself.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <thread>

#include "store/data_directory.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/write_guard.hpp"
#include "store/verify.hpp"
#include "tests/store/chain_check.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

SQLite::Database foreign(const SqliteEngine& engine) {
    return SQLite::Database(
        (engine.folder.path() / "events.db").string(), SQLite::OPEN_READWRITE, 1000
    );
}

/// Two tenants, some streams and types.
void fill(EventStore& store) {
    for (int i = 0; i < 30; ++i) {
        auto write = append_to(
            i % 3 == 0 ? other_tenant : acme,
            (i % 2 == 0 ? "offer-" : "product-") + std::to_string(i % 4),
            ExpectedVersion::any(),
            events_of("Type" + std::to_string(i % 5), static_cast<std::size_t>(1 + i % 3))
        );
        REQUIRE(append(store, write));
    }
}

}  // namespace

TEST_CASE("a foreign connection cannot change, remove or replace an event", "[sqlite][immutable]") {
    SqliteEngine engine;
    fill(engine.store());
    const auto before = all(engine.store());
    auto database = foreign(engine);
    const std::string columns =
        "(position, stream_id, version, kind_id, schema, event_id, occurred_at, recorded_at, hash, "
        "data, metadata) ";
    const std::string taken =
        "SELECT position, stream_id, version, kind_id, schema, event_id, "
        "occurred_at, recorded_at, hash, 'x', metadata FROM events ";
    const auto changed = [&](const std::string& from) {
        return "SELECT " + from + " FROM events WHERE position = 3 ";
    };
    const std::string first_columns =
        "(position, stream_id, version, kind_id, schema, event_id, occurred_at, recorded_at, hash, "
        "data, metadata, category_id, name) ";
    const std::string rest_of_first =
        "schema, randomblob(16), occurred_at, recorded_at, hash, data, metadata, ";
    const auto first = [](const std::string& from) {
        return "SELECT " + from + " FROM events WHERE position = 1 ";
    };
    const std::string rest =
        "kind_id, schema, randomblob(16), occurred_at, recorded_at, hash, "
        "'x', metadata";
    for (const std::string& sql : {
             std::string("UPDATE events SET data = '{}'"),
             std::string("UPDATE events SET data = '{}' WHERE position = 3"),
             std::string("UPDATE events SET position = position + 1000"),
             std::string("DELETE FROM events"),
             std::string("DELETE FROM events WHERE position = 3"),
             "INSERT OR REPLACE INTO events " + columns + taken + "WHERE position = 3",
             "REPLACE INTO events " + columns + taken + "WHERE position = 3",
             "INSERT INTO events " + columns + taken +
                 "WHERE position = 3 ON CONFLICT DO UPDATE SET data = 'x'",
             "INSERT INTO events " + columns + taken +
                 "WHERE position = 3 ON CONFLICT (event_id) DO UPDATE SET data = 'x'",
             // a new position, but a stream's version or an event id that exists
             "INSERT OR REPLACE INTO events " + columns +
                 changed("position + 1000, stream_id, version, " + rest),
             "INSERT OR REPLACE INTO events " + columns +
                 changed("position + 1000, stream_id, version + 1000, kind_id, schema, event_id, "
                         "occurred_at, recorded_at, hash, 'x', metadata"),
             // new in all, but not at the end, or without saying where
             "INSERT INTO events " + columns + changed("0, stream_id, version + 1000, " + rest),
             "INSERT INTO events " + columns + changed("NULL, stream_id, version + 1000, " + rest),
             "INSERT INTO events " + columns +
                 changed("position + 1000, stream_id, version + 1000, " + rest),
             // a first event of a stream that exists, one that is no first event, one without name
             "INSERT OR REPLACE INTO events " + first_columns +
                 first(
                     "position + 1000, position + 1000, 1, kind_id, " + rest_of_first +
                     "category_id, name"
                 ),
             "INSERT INTO events " + first_columns +
                 first(
                     "position + 1000, position, 1, kind_id, " + rest_of_first +
                     "category_id, 'offer-99'"
                 ),
             "INSERT INTO events " + first_columns +
                 first(
                     "position + 1000, position + 1000, 1, kind_id, " + rest_of_first +
                     "category_id, NULL"
                 ),
             "INSERT INTO events " + first_columns +
                 first(
                     "position + 1000, position + 1000, 1, kind_id, " + rest_of_first +
                     "category_id + 1, 'offer-99'"
                 ),
             "INSERT INTO events " + first_columns +
                 first("position + 1000, 999, 2, kind_id, " + rest_of_first + "NULL, NULL"),
             std::string("UPDATE categories SET name = 'x'"),
             std::string("DELETE FROM categories"),
             std::string("REPLACE INTO categories SELECT category_id, tenant, 'x' FROM categories"),
             std::string(
                 "REPLACE INTO categories SELECT category_id + 1000, tenant, name FROM categories"
             ),
             std::string("UPDATE kind_blocks SET block = 7"),
             std::string("DELETE FROM kind_blocks"),
             std::string("UPDATE kinds SET type = 'x'"),
             std::string("DELETE FROM kinds"),
             std::string("REPLACE INTO kinds SELECT kind_id, category_id, 'x' FROM kinds"),
             std::string("REPLACE INTO kinds SELECT kind_id + 1000, category_id, type FROM kinds"),
         }) {
        INFO(sql);
        // Refused by a guard, not for a mistake in the statement.
        CHECK(database.tryExec(sql) == SQLITE_CONSTRAINT);
    }
    CHECK(all(engine.store()) == before);
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}

TEST_CASE("the writer's own connection cannot change or remove an event", "[sqlite][immutable]") {
    SqliteEngine engine;
    fill(engine.store());
    engine.close();
    auto database = sqlite::open_for_writing(engine.folder.path(), 1 << 20);
    sqlite::guard_writer(database.getHandle());
    for (const char* sql : {
             "UPDATE events SET data = '{}'",
             "DELETE FROM events WHERE position = 3",
             "UPDATE kinds SET type = 'x'",
             "DELETE FROM categories",
             "DELETE FROM kind_blocks",
             "INSERT INTO events SELECT * FROM events WHERE true ON CONFLICT DO UPDATE SET data = "
             "'x'",
             "DROP TRIGGER events_never_change",
             "CREATE TRIGGER x BEFORE INSERT ON events BEGIN SELECT 1; END",
             "DROP TABLE events",
             "ALTER TABLE events RENAME TO x",
             "PRAGMA writable_schema = ON",
             "PRAGMA synchronous = OFF",
             "ATTACH ':memory:' AS x",
         }) {
        INFO(sql);
        CHECK(database.tryExec(sql) == SQLITE_AUTH);
    }
    CHECK(database.tryExec("UPDATE commands SET plan = '{}'") == SQLITE_OK);
}

TEST_CASE("the hash chains follow from the file by their description alone", "[sqlite][chain]") {
    SqliteEngine engine;
    fill(engine.store());
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
    engine.reopen();
    fill(engine.store());
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
    engine.close();
    SQLite::Database database(
        (engine.folder.path() / "events.db").string(), SQLite::OPEN_READWRITE
    );
    database.exec("DROP TRIGGER events_never_change");
    database.exec("UPDATE events SET data = '{\"n\":9}' WHERE position = 17");
    CHECK(find_fault_in_chains(engine.folder.path()) == "the chain breaks at 17");
}

TEST_CASE("the log is readable with any SQLite tool", "[sqlite]") {
    SqliteEngine engine;
    const auto event = event_of("OfferCreated", R"({"name":"Café"})");
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), {event}));
    auto database = foreign(engine);
    SQLite::Statement select(
        database, "SELECT event_id, tenant, stream, version, type, data FROM event_log"
    );
    REQUIRE(select.executeStep());
    CHECK(select.getColumn(0).getString() == event.id.str());
    CHECK(select.getColumn(1).getString() == "acme");
    CHECK(select.getColumn(2).getString() == "offer-1");
    CHECK(select.getColumn(3).getInt() == 1);
    CHECK(select.getColumn(4).getString() == "OfferCreated");
    CHECK(select.getColumn(5).getString() == event.data);
}

TEST_CASE("only the owner may read the log's files", "[sqlite]") {
    SqliteEngine engine;
    fill(engine.store());
    for (const auto* name : {"events.db", "events.db-wal", "events.db-shm"}) {
        struct stat status{};
        REQUIRE(::stat((engine.folder.path() / name).c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
}

TEST_CASE("a second owner of the data directory is refused until the first goes", "[sqlite]") {
    const TemporaryFolder folder;
    const auto directory = folder.path() / "new" / "data";
    auto first = DataLock::try_take(directory);
    REQUIRE(first);
    CHECK_FALSE(DataLock::try_take(directory));
    auto moved = std::move(*first);
    first.reset();
    CHECK_FALSE(DataLock::try_take(directory));
    {
        const auto gone = std::move(moved);
    }
    CHECK(DataLock::try_take(directory));
    struct stat status{};
    REQUIRE(::stat(directory.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a log of a newer program, of another program or none at all is refused", "[sqlite]") {
    SqliteEngine engine;
    fill(engine.store());
    engine.close();
    const auto file = engine.folder.path() / "events.db";
    const auto message = [&] {
        try {
            open_event_store(engine.folder.path(), {});
        } catch (const std::runtime_error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    CHECK(message().find("newer Vitrine (schema 99") != std::string::npos);
    CHECK_THROWS_AS(open_event_store_read_only(engine.folder.path()), std::runtime_error);
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA application_id = 7");
    CHECK(message().find("not an event log of Vitrine") != std::string::npos);
    std::filesystem::resize_file(file, 100);
    CHECK_THROWS_AS(open_event_store(engine.folder.path(), {}), std::runtime_error);
}

TEST_CASE("beyond the limit of the queue appends are refused at once", "[sqlite][queue]") {
    StoreOptions options;
    options.queue_limit = 3;
    SqliteEngine engine(options);
    auto& store = engine.store();
    Countdown blocked(1), go_on(1), answered(3);
    store.append(
        append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
        [&](const AppendResult&) {
            blocked.count_down();
            go_on.wait();
        }
    );
    blocked.wait();
    std::atomic<int> stored = 0;
    for (int i = 0; i < 3; ++i) {
        store.append(
            append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
            [&](const AppendResult& result) {
                stored += result ? 1 : 0;
                answered.count_down();
            }
        );
    }
    CHECK(store.figures().queued == 3);
    const auto refused = append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == AppendError::Kind::queue_full);
    go_on.count_down();
    answered.wait();
    CHECK(stored == 3);
    CHECK(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
}

TEST_CASE("what waits when the store is closed is committed and answered", "[sqlite][queue]") {
    SqliteEngine engine;
    std::atomic<int> stored = 0;
    for (int i = 0; i < 200; ++i) {
        engine.store().append(
            append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
            [&](const AppendResult& result) { stored += result ? 1 : 0; }
        );
    }
    engine.reopen();
    CHECK(stored == 200);
    CHECK(engine.store().head() == 200);
}

namespace {

/// Commits that `count` appends of `bytes` each take, which all wait when the writer sees the
/// first.
std::uint64_t commits_of(const StoreOptions& options, int count, std::size_t bytes) {
    SqliteEngine engine(options);
    auto& store = engine.store();
    Countdown blocked(1), go_on(1), answered(static_cast<std::size_t>(count));
    std::atomic<int> stored = 0;
    store.append(
        append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
        [&](const AppendResult&) {
            blocked.count_down();
            go_on.wait();
        }
    );
    blocked.wait();
    for (int i = 0; i < count; ++i) {
        store.append(
            append_to(
                acme,
                "offer-1",
                ExpectedVersion::any(),
                {event_of("E", '"' + std::string(bytes, 'x') + '"')}
            ),
            [&](const AppendResult& result) {
                stored += result ? 1 : 0;
                answered.count_down();
            }
        );
    }
    go_on.count_down();
    answered.wait();
    CHECK(stored == count);
    return store.figures().commits - 1;
}

}  // namespace

TEST_CASE("a commit is bounded by appends, bytes and time", "[sqlite][queue]") {
    StoreOptions options;
    options.batch_time = std::chrono::hours(1);
    CHECK(commits_of(options, 20, 10) == 1);
    options.batch_appends = 5;
    CHECK(commits_of(options, 20, 10) == 4);
    options.batch_appends = 1000;
    options.batch_bytes = 10'000;
    CHECK(commits_of(options, 16, 4'000) == 8);
    CHECK(commits_of(options, 3, 15'000) == 3);
    options.batch_bytes = 1'000'000;
    options.batch_time = std::chrono::milliseconds(0);
    CHECK(commits_of(options, 20, 10) == 20);
}

TEST_CASE("figures count what was done", "[sqlite]") {
    SqliteEngine engine;
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    CHECK_FALSE(append(engine.store(), "offer-1", ExpectedVersion::exact(9), events_of("E", 1)));
    const auto counted = engine.store().figures();
    CHECK(counted.appends == 1);
    CHECK(counted.events == 3);
    CHECK(counted.commits == 1);
    CHECK(counted.conflicts == 1);
    CHECK(counted.queued == 0);
    CHECK(counted.wal_bytes > 0);
    CHECK(
        counted.wal_file_bytes == std::filesystem::file_size(engine.folder.path() / "events.db-wal")
    );
    CHECK_FALSE(counted.disk_low);
}

TEST_CASE("the WAL is written back into the file and starts anew", "[sqlite]") {
    SqliteEngine engine;
    auto& store = engine.store();
    const std::string big(100'000, 'x');
    const auto folder = engine.folder.path();
    const auto size_of = [&](const char* file) {
        return std::filesystem::file_size(folder / file);
    };
    std::size_t written = 0;
    // On a busy machine the thread that writes it back comes late, and the WAL is longer by then.
    while (written < 40'000'000 ||
           (written < 400'000'000 && size_of("events.db-wal") > written / 10 * 9)) {
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), {event_of("E", '"' + big + '"')}));
        store.read_stream(acme, StreamName("offer-1"), 0, 1, Direction::backwards);
        written += big.size();
    }
    CHECK(size_of("events.db") > 20'000'000);
    CHECK(size_of("events.db-wal") <= written / 10 * 9);
}

TEST_CASE("a reader in an old state lets the WAL grow, visibly, until it goes", "[sqlite][wal]") {
    constexpr std::uint64_t mib = 1024 * 1024;
    SqliteEngine engine;
    auto& store = engine.store();
    const std::string big = '"' + std::string(500'000, 'x') + '"';
    const auto append_big = [&] {
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), {event_of("E", big)}));
    };
    append_big();
    auto reader = foreign(engine);
    reader.exec("BEGIN; SELECT count(*) FROM events");
    for (int i = 0; i < 100; ++i) append_big();
    CHECK(store.figures().wal_bytes > 48 * mib);
    CHECK(reader.execAndGet("SELECT count(*) FROM events").getInt() == 1);
    reader.exec("COMMIT");
    int more = 0;
    while (store.figures().wal_bytes > 48 * mib && ++more < 500) append_big();
    CHECK(store.figures().wal_bytes < 48 * mib);
    CHECK(store.head() == static_cast<Position>(101 + more));
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}

TEST_CASE("a log of an older program is read as it is, and becomes one of today when it is opened"
) {
    const int version = GENERATE(1, 2);
    const TemporaryFolder folder;
    const auto file = (folder.path() / "events.db").string();
    {
        SQLite::Database former(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        former.exec("PRAGMA journal_mode = WAL");
        sqlite::prepare_schema(former, version);
        former.exec(
            "INSERT INTO commands (tenant, command_id, state, name, fingerprint, principal, "
            "correlation_id, traceparent, stream, accepted_at, succeeded, position, body, plan) "
            "VALUES ('acme', 'c1', 'accepted', 'CreateOffer', '', 'key:test', 'c', '', 'offer-1', "
            "1600000000000000, 0, 0, '{}', '{}')"
        );
    }
    CHECK(verify(folder.path(), {}).faults.empty());
    const CommandId id("c1");
    {
        const auto reading = open_event_store_read_only(folder.path());
        CHECK(reading->journal().find(acme, id)->lease == Lease());
        CHECK(reading->journal().unfinished().size() == 1);
        CHECK(reading->journal().list(acme, {}).size() == 1);
    }
    {
        const auto store = open_event_store(folder.path(), {});
        auto& journal = store->journal();
        CHECK(journal.list(acme, {}).size() == 1);
        // Unfinished commands of before owners belong to whoever opens it.
        REQUIRE(journal.unfinished("local", Timestamp()).size() == 1);
        const Lease mine{"local", Timestamp(std::chrono::seconds(1'600'000'030))};
        REQUIRE(append(*store, journal_only(TakeOver{id, mine, {}})));
        CHECK(journal.find(acme, id)->lease == mine);
        CHECK(journal.unfinished("other", Timestamp()).empty());
    }
    CHECK(verify(folder.path(), {}).faults.empty());
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec("DROP INDEX commands_open");
    CHECK(verify(folder.path(), {}).faults.size() == 1);
}

TEST_CASE("what lists, recovery and rare types look for is found by an index", "[sqlite]") {
    SqliteEngine engine;
    fill(engine.store());
    auto database = foreign(engine);
    const auto plan_of = [&](const std::string& sql) {
        SQLite::Statement explain(database, "EXPLAIN QUERY PLAN " + sql);
        std::string plan;
        while (explain.executeStep()) plan += explain.getColumn(3).getString() + "\n";
        return plan;
    };
    CHECK(
        plan_of("SELECT * FROM commands WHERE state = 'accepted' ORDER BY sequence") ==
        "SCAN commands USING INDEX commands_unfinished\n"
    );
    CHECK(
        plan_of("SELECT * FROM commands INDEXED BY commands_on_stream WHERE tenant = 'acme' AND "
                "stream = 'offer-1' AND state = 'accepted' ORDER BY sequence LIMIT 1"
        ) == "SEARCH commands USING INDEX commands_on_stream (tenant=? AND stream=?)\n"
    );
    CHECK(
        plan_of("SELECT * FROM commands WHERE tenant = 'acme' AND state = 'retryable' AND state <> "
                "'done' AND sequence < 9 ORDER BY sequence DESC LIMIT 5"
        ) == "SEARCH commands USING INDEX commands_open (tenant=? AND state=? AND rowid<?)\n"
    );
    CHECK(
        plan_of("SELECT * FROM commands WHERE tenant = 'acme' AND succeeded = 1 AND state = 'done' "
                "AND sequence < 9 ORDER BY sequence DESC LIMIT 5"
        ) == "SEARCH commands USING INDEX commands_ended (tenant=? AND succeeded=? AND rowid<?)\n"
    );
    // Each block that has a kind is noted, and no other.
    CHECK(
        database
            .execAndGet("SELECT count(*) FROM (SELECT DISTINCT kind_id, position >> 6 FROM events "
                        "EXCEPT SELECT kind_id, block FROM kind_blocks)")
            .getInt() == 0
    );
    CHECK(
        database
            .execAndGet("SELECT count(*) FROM (SELECT kind_id, block FROM kind_blocks "
                        "EXCEPT SELECT kind_id, position >> 6 FROM events)")
            .getInt() == 0
    );
}

TEST_CASE("a read-only store needs a log and makes no file", "[sqlite][read-only]") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(
        open_event_store_read_only(folder.path()), Catch::Contains("no event log in")
    );
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a read-only store reads a stopped log and refuses to write", "[sqlite][read-only]") {
    SqliteEngine engine;
    fill(engine.store());
    const auto events = all(engine.store());
    engine.close();
    const auto reading = open_event_store_read_only(engine.folder.path());
    CHECK(all(*reading) == events);
    CHECK(reading->head() == events.back().position);
    const auto refused = append(*reading, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == AppendError::Kind::unavailable);
}

TEST_CASE("a read-only subscription follows the writer", "[sqlite][read-only][subscribe]") {
    SqliteEngine engine;
    fill(engine.store());
    const auto reading = open_event_store_read_only(engine.folder.path());
    const auto stored = engine.store().head();
    const auto subscription = reading->subscribe(stored - 1, {});
    CHECK(subscription->next(10).size() == 1);
    for (Position i = 1; i <= 40; ++i) {
        const std::jthread writer([&] {
            if (!append(engine.store(), "offer-1", ExpectedVersion::any(), events_of("E", 1))) {
                std::abort();
            }
        });
        const auto events = subscription->next(10);
        REQUIRE(positions_of(events) == std::vector<Position>{stored + i});
    }
    const std::jthread closing([&] { subscription->close(); });
    CHECK(subscription->next(10).empty());
}
