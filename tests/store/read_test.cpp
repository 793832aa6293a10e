// Reads of those who must not wait: made at once, or on threads of an engine that is far away.
#include "store/read.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <latch>
#include <thread>

#include "store/append.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run_now.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using tests::run_now;

namespace asio = boost::asio;

TEMPLATE_TEST_CASE(
    "a read that is awaited answers what one that blocks does, on the loop that asked",
    "[read]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    std::thread::id read_on, resumed_on;
    const auto ask = [&]() -> asio::awaitable<Version> {
        const auto version = co_await read(store, [&] {
            read_on = std::this_thread::get_id();
            return store.stream_version(acme, StreamName("offer-1"));
        });
        resumed_on = std::this_thread::get_id();
        co_return version;
    };
    CHECK(run_now(ask()) == 3);
    CHECK(resumed_on == std::this_thread::get_id());
    CHECK((read_on == resumed_on) == (store.read_threads() == nullptr));
}

TEMPLATE_TEST_CASE("what a read throws is thrown to who awaits it", "[read]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    const auto damaged = []() -> int { throw std::runtime_error("damaged"); };
    CHECK_THROWS_WITH(run_now(read(store, damaged)), "damaged");
    CHECK_THROWS_WITH(run_now(read(store, [&] { damaged(); })), "damaged");
    CHECK(run_now(read(store, [&] { return store.head(); })) == 0);
}

TEMPLATE_TEST_CASE(
    "a read sees what was committed before it was asked for", "[read]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto ask = [&]() -> asio::awaitable<std::size_t> {
        std::size_t stale = 0;
        for (Version version = 1; version <= 20; ++version) {
            const auto appended = co_await store::append_to(
                store, append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1))
            );
            const auto seen = co_await read(store, [&] {
                return store.stream_version(acme, StreamName("offer-1"));
            });
            if (!appended || seen != version) ++stale;
        }
        co_return stale;
    };
    CHECK(run_now(ask()) == 0);
}

TEST_CASE("a loop goes on while it awaits a read of a far log", "[read]") {
    Far<MemoryEngine> engine;
    auto& store = engine.store();
    asio::io_context loop(1);
    std::vector<std::string> order;
    const auto ask = [&]() -> asio::awaitable<void> {
        co_await read(store, [&] { return store.head(); });
        order.emplace_back("answered");
    };
    asio::co_spawn(loop, ask(), asio::detached);
    asio::post(loop, [&] { order.emplace_back("went on"); });
    loop.run();
    CHECK(order == std::vector<std::string>{"went on", "answered"});
}

TEST_CASE("a far log may not be read where others wait for the loop", "[read]") {
    Far<MemoryEngine> engine;
    const Serving serving;
    CHECK_THROWS_AS(engine.store().head(), std::logic_error);
    CHECK(run_now(read(engine.store(), [&] { return engine.store().head(); })) == 0);
}

TEST_CASE("reads that have not begun when the threads stop end with who awaits them", "[read]") {
    asio::io_context loop(1);
    Far<MemoryEngine> engine;
    auto& store = engine.store();
    std::latch all_busy(4), go_on(1);
    for (int i = 0; i < 4; ++i) {
        store.read_threads()->run([&] {
            all_busy.count_down();
            go_on.wait();
        });
    }
    all_busy.wait();
    auto held = std::make_shared<int>();
    const std::weak_ptr<int> alive = held;
    bool was_read = false;
    const auto ask = [&](std::shared_ptr<int> mine) -> asio::awaitable<void> {
        co_await read(store, [&] { was_read = true; });
        *mine = 1;
    };
    asio::co_spawn(loop, ask(std::exchange(held, nullptr)), asio::detached);
    loop.poll();
    REQUIRE_FALSE(alive.expired());
    auto stopping = std::async(std::launch::async, [&] { store.read_threads()->stop(); });
    while (!alive.expired()) {
        loop.restart();
        loop.poll();
        std::this_thread::yield();
    }
    go_on.count_down();
    stopping.get();
    CHECK_FALSE(was_read);
}
