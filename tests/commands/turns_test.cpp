#include "commands/engine/turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "tests/support/catch.hpp"

using namespace vitrine::commands;
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

asio::awaitable<void> take_and_note(
    Turns& turns, std::vector<std::string> keys, int number, std::vector<int>& order
) {
    const auto turn = co_await turns.take(std::move(keys), milliseconds(60'000));
    if (turn) order.push_back(number);
}

}  // namespace

TEST_CASE("turns on a key are taken first come, first served", "[turns]") {
    asio::io_context loop;
    Turns turns;
    std::vector<int> order;
    auto first = turns.try_take({"a"});
    REQUIRE(first);
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(loop, take_and_note(turns, {"a"}, i, order), asio::detached);
    loop.poll();
    CHECK(order.empty());
    CHECK(turns.waiting() == 5);
    first.reset();
    loop.restart();
    loop.run();
    CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
    CHECK_FALSE(turns.taken("a"));
    CHECK(turns.waiting() == 0);
}

TEST_CASE("a turn that does not come in time is given up, and its keys with it", "[turns]") {
    asio::io_context loop;
    Turns turns;
    const auto held = turns.try_take({"b"});
    auto result = asio::co_spawn(loop, turns.take({"a", "b"}, milliseconds(1)), asio::use_future);
    loop.run();
    CHECK_FALSE(result.get());
    CHECK(turns.waiting() == 0);
    CHECK_FALSE(turns.taken("a"));
    CHECK(turns.taken("b"));
}

TEST_CASE(
    "two commands that want the same keys in another order do not block each other", "[turns]"
) {
    asio::io_context loop;
    Turns turns;
    std::vector<int> order;
    for (int i = 0; i < 20; ++i) {
        asio::co_spawn(loop, take_and_note(turns, {"a", "b"}, i, order), asio::detached);
        asio::co_spawn(loop, take_and_note(turns, {"b", "a"}, i, order), asio::detached);
    }
    loop.run();
    CHECK(order.size() == 40);
    CHECK_FALSE(turns.taken("a"));
    CHECK_FALSE(turns.taken("b"));
}

TEST_CASE("a turn is had at once when nobody has a key, and not otherwise", "[turns]") {
    Turns turns;
    auto turn = turns.try_take({"a", "b"});
    REQUIRE(turn);
    CHECK_FALSE(turns.try_take({"b", "c"}));
    CHECK_FALSE(turns.taken("c"));
    turn.reset();
    CHECK(turns.try_take({"b", "c"}));
}

TEST_CASE("keys that are shared are had by several at once, and by nobody alone", "[turns]") {
    asio::io_context loop;
    Turns turns;
    const auto shared = [&](milliseconds limit) {
        return asio::co_spawn(loop, turns.take_shared({"a"}, limit), asio::use_future);
    };
    const auto run = [&loop] {
        loop.restart();
        loop.poll();
    };
    auto one = shared(milliseconds(60'000)), two = shared(milliseconds(60'000));
    run();
    auto first = one.get(), second = two.get();
    REQUIRE(first);
    REQUIRE(second);
    CHECK_FALSE(turns.try_take({"a"}));

    std::vector<int> order;
    asio::co_spawn(loop, take_and_note(turns, {"a"}, 1, order), asio::detached);
    run();
    auto behind = shared(milliseconds(60'000));  // who wants it alone is not passed by
    run();
    CHECK(turns.waiting() == 2);
    first.reset();
    run();
    CHECK(order.empty());
    second.reset();
    run();
    CHECK(order == std::vector<int>{1});
    CHECK(behind.get());
    run();
    CHECK(turns.waiting() == 0);
    CHECK_FALSE(turns.taken("a"));
}

TEST_CASE("who gives up waiting lets those behind it share", "[turns]") {
    asio::io_context loop;
    Turns turns;
    auto held = turns.try_take_shared({"a"});
    auto alone = asio::co_spawn(loop, turns.take({"a"}, milliseconds(1)), asio::use_future);
    auto behind =
        asio::co_spawn(loop, turns.take_shared({"a"}, milliseconds(60'000)), asio::use_future);
    loop.run();
    CHECK_FALSE(alone.get());
    CHECK(behind.get());
}

TEST_CASE("a turn that has joined another gives both back", "[turns]") {
    Turns turns;
    {
        auto turn = turns.try_take({"a"});
        turn->join(turns.try_take_shared({"b", "b"}));
        CHECK(turns.taken("a"));
        CHECK(turns.taken("b"));
    }
    CHECK_FALSE(turns.taken("a"));
    CHECK_FALSE(turns.taken("b"));
}
