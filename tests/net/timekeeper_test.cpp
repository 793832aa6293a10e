#include "net/timekeeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <vector>

#include "net/real_timekeeper.hpp"
#include "net/test_timekeeper.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::net;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

const Timestamp noon = *parse_time("2026-03-01T12:00:00Z");

using Moved = std::expected<Timestamp, std::string>;

/// A test clock on a loop of its own, and what was woken on it, in order.
struct Stood {
    asio::io_context loop;
    TestTimekeeper keeper{loop.get_executor(), noon};
    std::vector<std::string> woken;
    std::vector<Appointment> kept;

    Timekeeper::Wake says(std::string what) {
        return [this, what = std::move(what)] { woken.push_back(what); };
    }
    void at(Timestamp due, std::string what) { kept.push_back(keeper.at(due, says(what))); }

    Moved move(TestTimekeeper::Move to) {
        std::optional<Moved> moved;
        asio::co_spawn(loop, keeper.move(std::move(to)), [&](std::exception_ptr, Moved result) {
            moved = std::move(result);
        });
        turn();
        REQUIRE(moved);
        return *moved;
    }
    Moved move(Timestamp to) { return move({.to = to}); }
    void turn() {
        loop.restart();
        loop.run();
    }
};

/// A machine's clock that somebody sets.
struct Wall {
    asio::io_context loop;
    Timestamp time = noon;
    RealTimekeeper keeper{loop.get_executor(), [this] { return time; }, 1ms};
    std::vector<std::string> woken;

    Timekeeper::Wake says(std::string what) {
        return [this, what = std::move(what)] { woken.push_back(what); };
    }
    void turn_until_woken(std::size_t count) {
        while (woken.size() < count) loop.run_one();
    }
};

}  // namespace

TEST_CASE("a standing is ended once, by whoever holds it last") {
    int ended = 0;
    {
        Standing first([&] { ++ended; });
        Standing second = std::move(first);
        CHECK_FALSE(first);
        CHECK(second);
        second = Standing();
        CHECK(ended == 1);
    }
    CHECK(ended == 1);
}

TEST_CASE("a test clock stands until it is moved") {
    Stood stood;
    stood.at(noon + 1us, "later");
    stood.turn();
    CHECK(stood.woken.empty());
    CHECK(stood.keeper.now() == noon);
    CHECK(stood.move(noon + 1h) == noon + 1h);
    CHECK(stood.keeper.now() == noon + 1h);
    CHECK(stood.woken == std::vector<std::string>{"later"});
}

TEST_CASE("what is due already is woken soon, and not by who asks for it") {
    Stood stood;
    stood.at(noon, "now");
    stood.at(noon - 24h, "yesterday");
    CHECK(stood.woken.empty());
    stood.turn();
    CHECK(stood.woken == std::vector<std::string>{"yesterday", "now"});
}

TEST_CASE("a test clock wakes in order of time, and at one time in the order made") {
    Stood stood;
    stood.at(noon + 2h, "two");
    stood.at(noon + 1h, "one, first");
    stood.at(noon + 3h, "three");
    stood.at(noon + 1h, "one, second");
    CHECK(stood.move(noon + 2h).has_value());
    CHECK(stood.woken == std::vector<std::string>{"one, first", "one, second", "two"});
}

TEST_CASE("each is woken at its own time") {
    Stood stood;
    std::vector<Timestamp> times;
    for (const auto after : {1h, 3h})
        stood.kept.push_back(stood.keeper.at(noon + after, [&] {
            times.push_back(stood.keeper.now());
        }));
    CHECK(stood.move(noon + 5h).has_value());
    CHECK(times == std::vector{noon + 1h, noon + 3h});
}

TEST_CASE("an appointment made while another is kept is kept on the way") {
    Stood stood;
    stood.kept.push_back(stood.keeper.at(noon + 1h, [&] {
        stood.woken.push_back("first");
        stood.at(noon + 1h, "the same time");
        stood.at(noon + 90min, "on the way");
        stood.at(noon + 3h, "beyond");
    }));
    stood.at(noon + 2h, "last");
    CHECK(stood.move(noon + 2h).has_value());
    CHECK(stood.woken == std::vector<std::string>{"first", "the same time", "on the way", "last"});
}

TEST_CASE("a cancelled appointment is not kept, also when it is cancelled at its time") {
    Stood stood;
    auto gone = stood.keeper.at(noon + 1h, stood.says("gone"));
    gone.end();
    auto late = stood.keeper.at(noon + 2h, stood.says("late"));
    stood.kept.push_back(stood.keeper.at(noon + 1h, [&] { late.end(); }));
    Appointment last;
    stood.kept.push_back(stood.keeper.at(noon + 3h, [&] { last.end(); }));
    last = stood.keeper.at(noon + 3h, stood.says("last"));
    CHECK(stood.move(noon + 4h).has_value());
    CHECK(stood.woken.empty());
}

TEST_CASE("who is woken may make the appointment anew in the place of the one that is kept") {
    Stood stood;
    Appointment again;
    std::function<void()> each_hour = [&] {
        stood.woken.push_back(format_time(stood.keeper.now()));
        again = stood.keeper.at(stood.keeper.now() + 1h, each_hour);
    };
    again = stood.keeper.at(noon + 1h, each_hour);
    CHECK(stood.move(noon + 2h + 59min).has_value());
    CHECK(stood.woken == std::vector<std::string>{"2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z"});
}

TEST_CASE("a test clock waits for what is under way before it goes on") {
    Stood stood;
    int left = 0;
    std::function<void()> work = [&] {
        stood.woken.push_back(format_time(stood.keeper.now()));
        if (--left > 0) asio::post(stood.loop, work);
    };
    const auto watching = stood.keeper.watch([&] {
        return left > 0 ? std::optional<std::string>("work") : std::nullopt;
    });
    stood.kept.push_back(stood.keeper.at(noon + 1h, [&] {
        left = 3;
        asio::post(stood.loop, work);
    }));
    CHECK(stood.move(noon + 2h).has_value());
    CHECK(stood.woken == std::vector<std::string>(3, "2026-03-01T13:00:00Z"));
}

TEST_CASE("what is under way before the move is waited for too, and may make an appointment") {
    Stood stood;
    bool under_way = true;
    const auto watching = stood.keeper.watch([&] {
        return under_way ? std::optional<std::string>("work") : std::nullopt;
    });
    asio::post(stood.loop, [&] {
        asio::post(stood.loop, [&] {
            stood.at(noon + 1min, "made late");
            under_way = false;
        });
    });
    CHECK(stood.move(noon + 1h).has_value());
    CHECK(stood.woken == std::vector<std::string>{"made late"});
}

TEST_CASE("what stays under way is named, and the clock stays at its time") {
    Stood stood;
    bool stuck = false;
    auto watching = stood.keeper.watch([&] {
        return stuck ? std::optional<std::string>("process offer-schedule 7") : std::nullopt;
    });
    stood.kept.push_back(stood.keeper.at(noon + 1h, [&] { stuck = true; }));
    stood.at(noon + 2h, "not reached");
    const auto moved = stood.move({.to = noon + 3h, .patience = 2ms});
    REQUIRE_FALSE(moved);
    CHECK(moved.error() == "still under way at 2026-03-01T13:00:00Z: process offer-schedule 7");
    CHECK(stood.keeper.now() == noon + 1h);
    CHECK(stood.woken.empty());
    watching.end();
    CHECK(stood.move(noon + 3h) == noon + 3h);
    CHECK(stood.woken == std::vector<std::string>{"not reached"});
}

TEST_CASE("who makes appointments for a time that is due without end is named") {
    Stood stood;
    Appointment again;
    std::function<void()> at_once = [&] { again = stood.keeper.at(stood.keeper.now(), at_once); };
    again = stood.keeper.at(noon + 1h, at_once);
    std::optional<Moved> moved;
    asio::co_spawn(
        stood.loop,
        stood.keeper.move({.to = noon + 2h, .patience = 2ms}),
        [&](std::exception_ptr, Moved result) {
            moved = std::move(result);
            again.end();
        }
    );
    stood.turn();
    REQUIRE(moved);
    CHECK(
        moved->error() ==
        "still under way at 2026-03-01T13:00:00Z: what is due at 2026-03-01T13:00:00Z"
    );
}

TEST_CASE("a test clock does not go backwards, and stays where it is asked to") {
    Stood stood;
    CHECK(
        stood.move(noon - 1us).error() == "the time is 2026-03-01T12:00:00Z, and goes forward only"
    );
    CHECK(stood.move(noon) == noon);
}

TEST_CASE("a clock that moves is not moved by another, and may be stopped") {
    Stood stood;
    std::optional<std::string> second;
    const auto watching = stood.keeper.watch([] { return "work"; });
    bool stop = false;
    const auto move_too = [&] {
        asio::co_spawn(
            stood.loop,
            stood.keeper.move({.to = noon + 1h}),
            [&](std::exception_ptr, Moved result) {
                second = result.error();
                stop = true;
            }
        );
    };
    asio::post(stood.loop, [&] { asio::post(stood.loop, move_too); });
    const auto moved = stood.move({.to = noon + 2h, .cancelled = [&] { return stop; }});
    CHECK(second == "the clock is being moved already");
    CHECK(moved.error() == "the clock was stopped at 2026-03-01T12:00:00Z");
}

TEST_CASE("an appointment may outlive its keeper") {
    asio::io_context loop;
    int woken = 0;
    Appointment due, later;
    Watching watching;
    {
        TestTimekeeper keeper(loop.get_executor(), noon);
        due = keeper.at(noon, [&] { ++woken; });
        watching = keeper.watch([] { return std::nullopt; });
    }
    {
        RealTimekeeper keeper(loop.get_executor());
        later = keeper.at(keeper.now(), [&] { ++woken; });
    }
    loop.run();
    CHECK(woken == 0);
}

TEST_CASE("the real keeper wakes in order of time, and at one time in the order made") {
    Wall wall;
    const auto second = wall.keeper.at(noon, wall.says("second"));
    const auto first = wall.keeper.at(noon - 1h, wall.says("first"));
    const auto third = wall.keeper.at(noon, wall.says("third"));
    auto gone = wall.keeper.at(noon - 2h, wall.says("gone"));
    CHECK(wall.woken.empty());
    gone.end();
    wall.loop.run();
    CHECK(wall.woken == std::vector<std::string>{"first", "second", "third"});
}

TEST_CASE("the real keeper wakes by the machine's time") {
    asio::io_context loop;
    RealTimekeeper keeper(loop.get_executor());
    const auto due = keeper.now() + 3ms;
    std::optional<Timestamp> woken;
    const auto appointment = keeper.at(due, [&] { woken = keeper.now(); });
    loop.run();
    CHECK(woken >= due);
}

TEST_CASE("an earlier appointment is kept first, also when it is made later") {
    Wall wall;
    const auto later = wall.keeper.at(noon + 2h, wall.says("later"));
    const auto earlier = wall.keeper.at(noon + 1h, wall.says("earlier"));
    wall.loop.run_one();
    CHECK(wall.woken.empty());
    wall.time = noon + 1h;
    wall.turn_until_woken(1);
    CHECK(wall.woken == std::vector<std::string>{"earlier"});
}

TEST_CASE("a wall clock that is set forward wakes what falls due by it") {
    Wall wall;
    const auto appointment = wall.keeper.at(noon + 24h, wall.says("tomorrow"));
    wall.loop.run_one();
    CHECK(wall.woken.empty());
    wall.time = noon + 25h;
    wall.turn_until_woken(1);
    CHECK(wall.woken == std::vector<std::string>{"tomorrow"});
}

TEST_CASE("a wall clock that is set back lets an appointment wait for its time again") {
    Wall wall;
    const auto appointment = wall.keeper.at(noon + 1ms, wall.says("due"));
    wall.time = noon - 1h;
    for (int look = 0; look < 3; ++look) wall.loop.run_one();
    CHECK(wall.woken.empty());
    wall.time = noon + 1ms;
    wall.turn_until_woken(1);
    CHECK(wall.woken == std::vector<std::string>{"due"});
}

TEST_CASE("many that are due at one time let the loop's other work in between") {
    Wall wall;
    std::vector<Appointment> kept;
    for (int i = 0; i < 1'000; ++i) kept.push_back(wall.keeper.at(noon, wall.says("due")));
    std::size_t woken_before = 0;
    const auto first = wall.keeper.at(noon - 1h, [&] {
        asio::post(wall.loop, [&] { woken_before = wall.woken.size(); });
    });
    wall.loop.run();
    CHECK(wall.woken.size() == 1'000);
    CHECK(woken_before < 100);
}
