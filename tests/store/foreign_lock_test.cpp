// Other processes on the file: one that writes, one that reads for long.

#include <SQLiteCpp/Database.h>

#include <atomic>
#include <functional>
#include <thread>

#include "tests/store/chain_check.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using Kind = AppendError::Kind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

SQLite::Database foreign(const SqliteEngine& engine) {
    return SQLite::Database(
        (engine.folder.path() / "events.db").string(), SQLite::OPEN_READWRITE, 5000
    );
}

StoreOptions impatient() {
    StoreOptions options;
    options.lock_patience = milliseconds(50);
    options.rest = milliseconds(20);
    return options;
}

bool comes_true(const std::function<bool()>& condition) {
    const auto end = steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

TEST_CASE(
    "while another process writes appends are refused in time, reads go on, and it ends",
    "[sqlite][lock]"
) {
    SqliteEngine engine(impatient());
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
    auto tool = foreign(engine);
    tool.exec("BEGIN IMMEDIATE");

    constexpr std::size_t callers = 200;
    const auto begin = steady_clock::now();
    Countdown answered(callers);
    std::atomic<std::size_t> locked = 0;
    for (std::size_t i = 0; i < callers; ++i) {
        store.append(
            append_to(acme, "offer-2", ExpectedVersion::any(), events_of("E", 1)),
            [&](const AppendResult& result) {
                if (!result && result.error().kind == Kind::locked) ++locked;
                answered.count_down();
            }
        );
    }
    answered.wait();
    CHECK(locked == callers);
    CHECK(steady_clock::now() - begin < milliseconds(2000));
    CHECK(store.figures().log_locked);
    CHECK(store.figures().log_open);
    CHECK(all(store).size() == 2);
    CHECK(store.position_at(engine.clock.now()) == 2);

    tool.exec("ROLLBACK");
    CHECK(comes_true([&] { return !store.figures().log_locked; }));
    const auto next = append(store, "offer-2", ExpectedVersion::no_stream(), events_of("E", 1));
    REQUIRE(next);
    CHECK(next->first == 3);
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}

TEST_CASE("an append waits for another process that writes for a moment", "[sqlite][lock]") {
    StoreOptions options;
    options.lock_patience = std::chrono::seconds(20);
    SqliteEngine engine(options);
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    auto tool = foreign(engine);
    tool.exec("BEGIN IMMEDIATE");
    Countdown answered(1);
    std::optional<AppendResult> result;
    store.append(
        append_to(acme, "offer-1", ExpectedVersion::exact(1), events_of("E", 1)),
        [&](AppendResult came) {
            result = std::move(came);
            answered.count_down();
        }
    );
    // What it writes is not ours to judge, only not to be overwritten from memory.
    tool.exec("CREATE TABLE notes (text TEXT)");
    tool.exec("COMMIT");
    answered.wait();
    REQUIRE(result->has_value());
    CHECK((*result)->first == 2);
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}

TEST_CASE("a store that closes does not wait for another process that writes", "[sqlite][lock]") {
    StoreOptions options;
    options.lock_patience = std::chrono::minutes(10);
    SqliteEngine engine(options);
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    auto tool = foreign(engine);
    tool.exec("BEGIN IMMEDIATE");
    std::optional<AppendResult> result;
    engine.store().append(
        append_to(acme, "offer-1", ExpectedVersion::exact(1), events_of("E", 1)),
        [&](AppendResult came) { result = std::move(came); }
    );
    engine.close();
    REQUIRE(result);
    CHECK(result->error().kind == Kind::locked);
}

TEST_CASE("a log at rest has a short WAL, as soon as no reader holds it", "[sqlite][wal]") {
    constexpr std::uint64_t mib = 1024 * 1024;
    SqliteEngine engine(impatient());
    auto& store = engine.store();
    const std::string big = '"' + std::string(500'000, 'x') + '"';
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), {event_of("E", big)}));
    auto reader = foreign(engine);
    reader.exec("BEGIN; SELECT count(*) FROM events");
    for (int i = 0; i < 20; ++i)
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), {event_of("E", big)}));
    CHECK(store.figures().wal_file_bytes > 8 * mib);
    CHECK(reader.execAndGet("SELECT count(*) FROM events").getInt() == 1);
    reader.exec("COMMIT");
    CHECK(comes_true([&] { return store.figures().wal_file_bytes == 0; }));
    CHECK(comes_true([&] { return store.figures().wal_bytes == 0; }));
    REQUIRE(append(store, "offer-1", ExpectedVersion::exact(21), {event_of("E", big)}));
    CHECK(all(store).size() == 22);
    CHECK(find_fault_in_chains(engine.folder.path()).empty());
}
