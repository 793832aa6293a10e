// What a read costs must not grow with what it does not read. Counted in steps of SQLite's machine.

#include <sqlite3.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/event_reads.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

const StreamName stream("offer-long");
constexpr std::size_t page = 5;

/// Counts a connection's steps while it lives.
class Steps {
public:
    explicit Steps(sqlite3* connection) : connection_(connection) {
        sqlite3_progress_handler(
            connection_,
            1,
            [](void* count) {
                ++*static_cast<std::size_t*>(count);
                return 0;
            },
            &count_
        );
    }
    ~Steps() { sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
    std::size_t count() const { return count_; }

private:
    sqlite3* connection_;
    std::size_t count_ = 0;
};

struct Costs {
    std::size_t forwards, backwards, newest, range_forwards, range_backwards;
};

/// Of reads at the end of a stream of so many events.
Costs costs_at(Version length) {
    SqliteEngine engine;
    auto& store = engine.store();
    for (Version added = 0; added < length; added += 100) {
        REQUIRE(append(store, stream.str(), ExpectedVersion::any(), events_of("E", 100)));
    }
    auto connection = sqlite::open_for_reading(engine.folder.path());
    sqlite::EventReads reads(connection.getHandle());
    const auto cost = [&](auto read) {
        read();  // what is looked up once and kept
        const Steps steps(connection.getHandle());
        read();
        return steps.count();
    };
    Filter of_stream;
    of_stream.tenant = acme;
    of_stream.stream = stream;
    std::vector<RecordedEvent> events;
    return {
        .forwards = cost([&] {
            CHECK(reads.stream(acme, stream, length - 4, page, Direction::forwards).size() == page);
        }),
        .backwards = cost([&] {
            CHECK(reads.stream(acme, stream, length, page, Direction::backwards).size() == page);
        }),
        .newest = cost([&] { CHECK(reads.stream_version(acme, stream) == length); }),
        .range_forwards = cost([&] {
            reads.page(events, length - 4, of_stream, page, Direction::forwards);
            CHECK(events.size() == page);
        }),
        .range_backwards = cost([&] {
            reads.page(events, length, of_stream, page, Direction::backwards);
            CHECK(events.size() == page);
        }),
    };
}

}  // namespace

TEST_CASE(
    "what is read at the end of a stream costs the same however long it is", "[sqlite][cost]"
) {
    const auto brief = costs_at(300);
    const auto grown = costs_at(3000);
    // Positions by version are found by halving: a few steps more for ten times the length.
    constexpr std::size_t halving = 200;
    CHECK(grown.forwards <= brief.forwards);
    CHECK(grown.backwards <= brief.backwards);
    CHECK(grown.newest <= brief.newest);
    CHECK(grown.range_forwards <= brief.range_forwards + halving);
    CHECK(grown.range_backwards <= brief.range_backwards + halving);
}
