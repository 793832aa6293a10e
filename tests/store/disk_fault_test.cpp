// Errors of the disk: nothing is acknowledged that is not there, and the log goes on afterwards.

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <atomic>

#include "tests/store/chain_check.hpp"
#include "tests/store/engine.hpp"
#include "tests/store/fault_vfs.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using Kind = AppendError::Kind;

TEST_CASE("a commit is synced once, however many appends share it", "[sqlite][sync]") {
    auto& disk = FaultVfs::fresh();
    SqliteEngine engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    const int before = disk.syncs;
    const auto commits = store.figures().commits;
    Countdown answered(500);
    for (int i = 0; i < 500; ++i) {
        store.append(
            append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
            [&](const AppendResult&) { answered.count_down(); }
        );
    }
    answered.wait();
    CHECK(static_cast<std::uint64_t>(disk.syncs - before) == store.figures().commits - commits);
    CHECK(disk.syncs - before < 500);
}

TEST_CASE("a commit that fails acknowledges nothing and leaves nothing", "[sqlite][fault]") {
    auto& disk = FaultVfs::fresh();
    const bool in_sync = GENERATE(true, false);
    SqliteEngine engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
    const auto before = all(store);
    const auto subscription = store.subscribe(2, {});
    const auto lost = append_to(acme, "offer-1", ExpectedVersion::exact(2), events_of("E", 1));
    (in_sync ? disk.sync_error : disk.write_error) =
        in_sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
    (in_sync ? disk.failing_syncs : disk.failing_writes) = FaultVfs::always;
    for (int i = 0; i < 3; ++i) {
        const auto result = append(store, lost);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == Kind::unavailable);
        auto accept = journal_only(accept_of(head_of("c1"), {{"slug", "cafe"}}));
        CHECK_FALSE(append(store, accept));
        CHECK(all(store) == before);
        CHECK(store.head() == 2);
        CHECK_FALSE(store.journal().find(acme, CommandId("c1")));
    }
    disk.failing_syncs = 0;
    disk.failing_writes = 0;
    const auto other = append(store, "offer-1", ExpectedVersion::exact(2), events_of("F", 1));
    REQUIRE(other);
    CHECK(other->first == 3);
    CHECK(append(store, lost).error().kind == Kind::conflict);
    CHECK(positions_of(subscription->poll(10)) == std::vector<Position>{3});
    engine.reopen();
    CHECK(engine.store().head() == 3);
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}

TEST_CASE("on a full disk commands are refused and reads go on", "[sqlite][fault][full]") {
    auto& disk = FaultVfs::fresh();
    SqliteEngine engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    REQUIRE(append(store, journal_only(accept_of(head_of("c1")))));
    disk.write_error = SQLITE_FULL;
    disk.failing_writes = FaultVfs::always;
    CHECK(
        append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)).error().kind ==
        Kind::disk_full
    );
    CHECK(append(store, journal_only(accept_of(head_of("c2")))).error().kind == Kind::disk_full);
    // An outcome that cannot be kept is no failure of the command: it stays accepted.
    CHECK(
        append(store, journal_only(conclude_of(head_of("c1")))).error().kind == Kind::unavailable
    );
    CHECK(all(store).size() == 1);
    CHECK(store.journal().find(acme, CommandId("c1"))->state == CommandState::accepted);
    disk.failing_writes = 0;
    CHECK(append(store, journal_only(conclude_of(head_of("c1")))));
    CHECK(append(store, "offer-1", ExpectedVersion::exact(1), events_of("E", 1)));
}

TEST_CASE("on a full disk the ballast makes room for an outcome", "[sqlite][fault][full]") {
    auto& disk = FaultVfs::fresh();
    SqliteEngine engine;
    auto& store = engine.store();
    const auto ballast = engine.folder.path() / "ballast";
    REQUIRE(std::filesystem::file_size(ballast) == 16 * 1024 * 1024);
    REQUIRE(append(store, journal_only(accept_of(head_of("c1")))));
    disk.write_error = SQLITE_FULL;
    disk.failing_writes = 1;
    auto outcome = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 1));
    outcome.journal = conclude_of(head_of("c1"));
    REQUIRE(append(store, outcome));
    CHECK(store.journal().find(acme, CommandId("c1"))->position == 1);
    // This disk is not full in truth: the next commit finds room and takes it back.
    CHECK(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(std::filesystem::exists(ballast));
}

TEST_CASE("below the reserve only outcomes are stored", "[sqlite][full]") {
    FaultVfs::fresh();
    const TemporaryFolder folder;
    {
        const auto store = open_event_store(folder.path(), {});
        REQUIRE(append(*store, journal_only(accept_of(head_of("c1")))));
    }
    StoreOptions options;
    options.disk_reserve = std::uint64_t{1} << 62;
    const auto store = open_event_store(folder.path(), options);
    CHECK(store->figures().disk_low);
    CHECK(
        append(*store, "offer-1", ExpectedVersion::any(), events_of("E", 1)).error().kind ==
        Kind::disk_full
    );
    CHECK(append(*store, journal_only(accept_of(head_of("c2")))).error().kind == Kind::disk_full);
    CHECK(append(*store, journal_only(Progress{CommandId("c1"), JsonText("{}")})));
    auto outcome = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    outcome.journal = conclude_of(head_of("c1"));
    CHECK(append(*store, outcome));
    auto happened = append_to(acme, "offer-2", ExpectedVersion::any(), events_of("E", 1));
    happened.has_happened = true;
    CHECK(append(*store, happened));
    CHECK(all(*store).size() == 2);
}

TEST_CASE("after a row of a foreign program the log goes on behind it", "[sqlite][fault]") {
    FaultVfs::fresh();
    SqliteEngine engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    SQLite::Database((engine.folder.path() / "events.db").string(), SQLite::OPEN_READWRITE, 1000)
        .exec(
            "INSERT INTO events SELECT position + 1, stream_id, version + 1, kind_id, schema, "
            "randomblob(16), occurred_at, recorded_at, hash, NULL, NULL, data, metadata FROM events"
        );
    const auto subscription = store.subscribe(0, {});
    Countdown answered(20);
    std::atomic<int> stored = 0;
    for (int i = 0; i < 20; ++i) {
        store.append(
            append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1)),
            [&](const AppendResult& result) {
                stored += result ? 1 : 0;
                answered.count_down();
            }
        );
    }
    answered.wait();
    CHECK(stored == 20);
    CHECK(store.stream_version(acme, StreamName("offer-1")) == 22);
    CHECK(subscription->next(100).size() == 22);
    CHECK(find_fault_in_chains(engine.folder.path()) == "the chain breaks at 2");
}

TEST_CASE("what a foreign program added is seen before the next append", "[sqlite]") {
    FaultVfs::fresh();
    SqliteEngine engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    // Not in the way of the writer's next position, but above it, in a stream whose head it knows.
    SQLite::Database((engine.folder.path() / "events.db").string(), SQLite::OPEN_READWRITE, 1000)
        .exec(
            "INSERT INTO events SELECT position + 1000, stream_id, version + 1, kind_id, schema, "
            "randomblob(16), occurred_at, recorded_at, hash, NULL, NULL, data, metadata FROM events"
        );
    const auto late = append(store, "offer-1", ExpectedVersion::exact(1), events_of("E", 1));
    CHECK(late.error().kind == Kind::conflict);
    const auto next = append(store, "offer-1", ExpectedVersion::exact(2), events_of("E", 1));
    REQUIRE(next);
    CHECK(next->first == 1002);
    Filter filter;
    filter.types = {"E"};
    CHECK(
        positions_of(store.read_all(1, filter, 10, Direction::forwards)) ==
        std::vector<Position>{1, 1001, 1002}
    );
}
