// What verify finds in a log that somebody has written to with another tool.

#include "store/verify.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <fstream>

#include "store/hash_chain.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

constexpr int appended = 60;

/// Two tenants in turn, three streams each, one event an append.
void fill(EventStore& store) {
    for (int i = 0; i < appended; ++i) {
        REQUIRE(append(
            store,
            append_to(
                i % 2 == 0 ? acme : other_tenant,
                "offer-" + std::to_string(i % 3),
                ExpectedVersion::any(),
                {event_of("Type" + std::to_string(i % 4), "{\"n\":" + std::to_string(i) + "}")}
            )
        ));
    }
}

/// A closed log; `tamper` writes past its guards.
class Log {
public:
    Log() {
        fill(engine_.store());
        engine_.close();
    }

    void tamper(const std::string& sql) {
        SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
        std::vector<std::string> guards;
        std::vector<std::string> names;
        {
            SQLite::Statement select(
                database, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
            );
            while (select.executeStep()) {
                names.push_back(select.getColumn(0).getString());
                guards.push_back(select.getColumn(1).getString());
            }
        }
        for (const auto& name : names) database.exec("DROP TRIGGER " + name);
        database.exec(sql);
        for (const auto& guard : guards) database.exec(guard);
    }

    VerifyReport verify(VerifyOptions options = {}) const {
        return store::verify(engine_.folder.path(), options);
    }
    std::filesystem::path file() const { return engine_.folder.path() / "events.db"; }
    SqliteEngine& engine() { return engine_; }

private:
    SqliteEngine engine_;
};

std::string first_of(const VerifyReport& report) {
    if (report.faults.empty()) return "fine";
    const auto& fault = report.faults.front();
    return fault.check + ' ' + std::to_string(fault.position);
}

}  // namespace

TEST_CASE("a log that only a server wrote is fine, open or closed", "[verify]") {
    SqliteEngine engine;
    const auto empty = verify(engine.folder.path(), {});
    CHECK(empty.faults.empty());
    CHECK(empty.events == 0);
    CHECK(empty.tenants.empty());
    fill(engine.store());
    for (const bool open : {true, false}) {
        if (!open) engine.close();
        Position shown = 0;
        const auto report = verify(
            engine.folder.path(), {.heads = {}, .progress = [&](auto done, auto) { shown = done; }}
        );
        CHECK(report.faults.empty());
        CHECK(report.events == appended);
        CHECK(report.position == appended);
        CHECK(shown == appended);
        REQUIRE(report.tenants.size() == 2);
        CHECK(report.tenants[0].tenant == acme);
        CHECK(report.tenants[0].events == appended / 2);
        CHECK(report.tenants[1].tenant == other_tenant);
    }
    engine.reopen();
    const auto events = all(engine.store());
    const auto report = verify(engine.folder.path(), {});
    CHECK(report.tenants[0].head == events[appended - 2].hash);
    CHECK(report.tenants[1].head == events[appended - 1].hash);
}

TEST_CASE("a changed byte is found where it is", "[verify]") {
    for (const std::string& change : {
             std::string("data = '{\"n\":99}'"),
             std::string("metadata = metadata || ' '"),
             std::string("schema = 2"),
             std::string("occurred_at = occurred_at + 1"),
             std::string("recorded_at = recorded_at + 1"),
             std::string("event_id = randomblob(16)"),
             std::string("hash = zeroblob(32)"),
         }) {
        INFO(change);
        Log log;
        log.tamper("UPDATE events SET " + change + " WHERE position = 17");
        CHECK(first_of(log.verify()) == "chain 17");
    }
}

TEST_CASE("a removed event is found, and the position it had", "[verify]") {
    Log log;
    log.tamper("DELETE FROM events WHERE position = 17");
    const auto report = log.verify();
    CHECK(first_of(report) == "positions 18");
    // The next event of the same tenant no longer follows.
    CHECK(std::ranges::any_of(report.faults, [](const LogFault& fault) {
        return fault.check == "chain" && fault.position == 19;
    }));
    CHECK(report.events == appended - 1);
}

TEST_CASE("a removed end is found by a head noted earlier, growth is not", "[verify]") {
    Log log;
    const auto before = log.verify();
    VerifyOptions noted;
    for (const auto& chain : before.tenants) noted.heads.push_back({chain.tenant, chain.head});
    noted.heads.push_back({std::nullopt, before.tenants[0].head});
    CHECK(first_of(log.verify(noted)) == "fine");

    log.engine().reopen();
    fill(log.engine().store());
    log.engine().close();
    CHECK(first_of(log.verify(noted)) == "fine");

    log.tamper("DELETE FROM events WHERE position >= " + std::to_string(appended - 1));
    CHECK(first_of(log.verify()) == "fine");
    const auto report = log.verify(noted);
    CHECK(report.faults.size() == 3);
    CHECK(first_of(report) == "head 0");

    VerifyOptions swapped;
    swapped.heads.push_back({other_tenant, log.verify().tenants[0].head});
    CHECK(first_of(log.verify(swapped)) == "head 0");
}

TEST_CASE("an inserted event is found, also with a hash that follows", "[verify]") {
    const bool with_hash = GENERATE(false, true);
    Log log;
    // The last event of acme, again with another id and content behind it, before two others.
    log.engine().reopen();
    const auto events = all(log.engine().store());
    log.engine().close();
    const auto& last = events[appended - 2];
    REQUIRE(last.tenant == acme);
    HashChain chain;
    const auto id = fresh_id();
    auto hash = chain.next(
        last.hash,
        ChainLink{
            .event_id = id,
            .tenant = acme.view(),
            .stream = last.stream.view(),
            .version = last.version + 1,
            .type = last.type,
            .schema = last.schema,
            .occurred_at = last.occurred_at,
            .recorded_at = last.recorded_at,
            .data = "{\"n\":-1}",
            .metadata = last.metadata,
        }
    );
    if (!with_hash) hash[0] ^= 1;
    std::string bare_id = id;
    std::erase(bare_id, '-');
    std::string hex;
    for (const auto byte : hash) {
        hex += "0123456789abcdef"[byte / 16];
        hex += "0123456789abcdef"[byte % 16];
    }
    const auto at = std::to_string(appended);  // where globex has its last event
    log.tamper(
        "UPDATE events SET position = position + 1 WHERE position = " + at +
        "; CREATE TEMP TABLE copy AS SELECT * FROM events WHERE position = " + at + " - 1" +
        "; UPDATE copy SET position = " + at + ", version = version + 1, event_id = x'" + bare_id +
        "', hash = x'" + hex + "', data = '{\"n\":-1}'" + "; INSERT INTO events SELECT * FROM copy"
    );
    CHECK(log.verify().events == appended + 1);
    if (!with_hash) {
        CHECK(first_of(log.verify()) == "chain 60");
        return;
    }
    // At the end of a tenant's chain a forged event is like a true one, but for the head; the next
    // true one then no longer follows.
    CHECK(first_of(log.verify()) == "fine");
}

TEST_CASE("an event inserted in the middle is found", "[verify]") {
    Log log;
    log.tamper(
        "CREATE TEMP TABLE later AS SELECT * FROM events WHERE position >= 17"
        "; DELETE FROM events WHERE position >= 17"
        "; CREATE TEMP TABLE copy AS SELECT * FROM later WHERE position = 19"
        "; UPDATE copy SET position = 17, event_id = randomblob(16)"
        "; UPDATE later SET position = position + 1, version = version + (stream_id = "
        "(SELECT stream_id FROM copy))"
        "; INSERT INTO events SELECT * FROM copy; INSERT INTO events SELECT * FROM later"
    );
    const auto report = log.verify();
    CHECK(report.events == appended + 1);
    CHECK(first_of(report) == "chain 17");
}

TEST_CASE("reordered events are found where the first of them stands", "[verify]") {
    Log log;
    log.tamper(
        "UPDATE events SET position = 1000 WHERE position = 17"
        "; UPDATE events SET position = 17 WHERE position = 23"
        "; UPDATE events SET position = 23 WHERE position = 1000"
    );
    CHECK(first_of(log.verify()) == "chain 17");
}

TEST_CASE("a gap of versions is found even if the chain was made to fit", "[verify]") {
    Log log;
    log.tamper("UPDATE events SET version = version + 5 WHERE position = 59");
    const auto report = log.verify();
    REQUIRE(report.faults.size() == 2);
    CHECK(first_of(report) == "chain 59");
    CHECK(report.faults[1].check == "versions");
    CHECK(report.faults[1].position == 59);
}

TEST_CASE("missing guards, and triggers of others, are found", "[verify]") {
    Log log;
    {
        SQLite::Database database(log.file().string(), SQLite::OPEN_READWRITE);
        database.exec("DROP TRIGGER events_never_change");
    }
    auto report = log.verify();
    CHECK(first_of(report) == "schema 0");
    CHECK_THAT(report.faults.front().detail, Catch::Contains("events_never_change"));
    {
        SQLite::Database database(log.file().string(), SQLite::OPEN_READWRITE);
        database.exec(
            "CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT 1; END"
        );
    }
    report = log.verify();
    REQUIRE(report.faults.size() == 2);
    CHECK_THAT(report.faults[0].detail, Catch::Contains("not as it was made"));
    CHECK_THAT(report.faults[1].detail, Catch::Contains("not of this log"));
}

TEST_CASE("a row that names nothing is found", "[verify]") {
    Log log;
    log.tamper("PRAGMA foreign_keys = OFF; DELETE FROM kinds WHERE kind_id = 1");
    const auto report = log.verify();
    CHECK(std::ranges::any_of(report.faults, [](const LogFault& fault) {
        return fault.check == "references";
    }));
}

TEST_CASE("pages that SQLite cannot read are a finding", "[verify]") {
    Log log;
    int page = 0;
    {
        SQLite::Database database(log.file().string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        const auto* sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'events_by_id'";
        page = database.execAndGet(sql).getInt();
    }
    std::fstream file(log.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096L * (page - 1));
    file << std::string(4096, '\x5a');
    file.close();
    const auto report = log.verify();
    CHECK(std::ranges::any_of(report.faults, [](const LogFault& fault) {
        return fault.check == "integrity";
    }));
}
