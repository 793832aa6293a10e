#include "deliveries/queue.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::deliveries;
using namespace std::chrono_literals;

namespace {

const Timestamp now{1'000'000s};

store::SharedEvent event(Position position) {
    auto made = std::make_shared<events::RecordedEvent>();
    made->position = position;
    made->data = "0123456789";
    return made;
}

Queue queue_of(std::initializer_list<std::pair<Position, KeyHash>> events) {
    Queue queue({.fresh = 10, .fresh_bytes = 1000, .held = 20});
    for (const auto& [position, key] : events) queue.offer(event(position), key, Source::live, now);
    return queue;
}

}  // namespace

TEST_CASE("of a key the earliest goes first, and no other while it is under way") {
    auto queue = queue_of({{1, 7}, {2, 7}, {3, 8}});
    CHECK(queue.take_next(now) == 1);
    CHECK(queue.take_next(now) == 3);
    CHECK_FALSE(queue.take_next(now));
    queue.end(1);
    CHECK(queue.take_next(now) == 2);
    CHECK(queue.under_way() == 2);
}

TEST_CASE("what comes late goes before what it precedes, unless that is under way") {
    auto queue = queue_of({{5, 7}});
    queue.offer(event(3), 7, Source::replay, now);
    CHECK(queue.take_next(now) == 3);
    queue.offer(event(2), 7, Source::replay, now);
    CHECK_FALSE(queue.take_next(now));
    queue.end(3);
    CHECK(queue.take_next(now) == 2);
}

TEST_CASE("a key waits for its earliest, and who waits longest goes first") {
    auto queue = queue_of({{1, 7}, {2, 7}});
    REQUIRE(queue.take_next(now) == 1);
    queue.put_back(1, now + 5s);
    CHECK_FALSE(queue.take_next(now));
    CHECK(queue.next_due() == now + 5s);
    queue.offer(event(3), 8, Source::live, now + 6s);
    CHECK(queue.take_next(now + 6s) == 1);
    CHECK(queue.pending(1).attempts == 1);
}

TEST_CASE("what was read is accounted for up to the first that is neither taken nor kept") {
    auto queue = queue_of({{4, 1}, {6, 2}, {9, 3}});
    CHECK(queue.first_fresh(Source::live) == 4);
    CHECK_FALSE(queue.first_fresh(Source::replay));
    REQUIRE(queue.take_next(now) == 4);
    queue.end(4);
    CHECK(queue.first_fresh(Source::live) == 6);
    queue.note_kept(6);
    CHECK(queue.first_fresh(Source::live) == 9);
    CHECK(queue.first()->position == 6);
}

TEST_CASE("what is not taken for long wants a row of its own") {
    auto queue = queue_of({{1, 1}});
    CHECK(queue.lingering().empty());
    queue.offer(event(2), 2, Source::live, now);
    CHECK(queue.lingering() == std::vector<Position>{1});
}

TEST_CASE("an event is held only as long as it is about to be sent") {
    auto queue = queue_of({{1, 1}, {2, 1}});
    CHECK(queue.event(2));
    queue.note_kept(2);
    CHECK_FALSE(queue.event(2));
    REQUIRE(queue.take_next(now) == 1);
    queue.note_kept(1);
    CHECK(queue.event(1));
    queue.put_back(1, now);
    CHECK_FALSE(queue.event(1));
}

TEST_CASE("there is room for so many events, so many bytes, and so many that are held") {
    auto queue = queue_of({});
    CHECK(queue.room() == 10);
    for (Position position = 1; position <= 10; ++position)
        queue.offer(event(position), position, Source::live, now);
    CHECK(queue.room() == 0);
    for (Position position = 1; position <= 10; ++position) queue.note_kept(position);
    CHECK(queue.room() == 10);
    for (Position position = 11; position <= 20; ++position)
        queue.restore(
            {.position = position, .key = position, .attempts = 1, .due = now, .recorded_at = now}
        );
    CHECK(queue.room() == 0);
    CHECK(queue.drop(20));
    CHECK(queue.room() == 1);
}

TEST_CASE("an event is there once; what is restored again has the times of the last") {
    auto queue = queue_of({{1, 1}});
    CHECK_FALSE(queue.offer(event(1), 1, Source::replay, now));
    queue.restore({.position = 1, .key = 1, .attempts = 2, .due = now + 9s, .recorded_at = now});
    CHECK(queue.size() == 1);
    CHECK(queue.next_due() == now + 9s);
    CHECK_FALSE(queue.first_fresh(Source::live));
    REQUIRE(queue.take_next(now + 9s) == 1);
    CHECK_FALSE(queue.drop(1));
    queue.end(1);
    CHECK(queue.size() == 0);
    CHECK_FALSE(queue.next_due());
}
