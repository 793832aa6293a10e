// Many writers at one version of one stream, each at its own moment: exactly one wins.

#include <array>
#include <atomic>
#include <barrier>
#include <random>
#include <thread>

#include "tests/store/engine.hpp"
#include "tests/store/proof.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

#if __has_feature(thread_sanitizer)
constexpr const char* proof = "watched_races";
constexpr std::size_t share = 20;  // of the rounds: each costs that much more
#else
constexpr const char* proof = "races";
constexpr std::size_t share = 1;
#endif

/// Spins for up to some microseconds, another number each time.
void stagger(std::mt19937_64& random) {
    for (auto left = random() % 4000; left > 0; --left)
        std::atomic_signal_fence(std::memory_order_seq_cst);
}

struct Race {
    std::size_t rounds = 0;
    std::size_t without_one_winner = 0;
    std::size_t wrong_losers = 0;  // that were not told of the winner
};

Race race(EventStore& store, std::size_t racers, std::size_t rounds) {
    Race race{rounds, 0, 0};
    std::atomic<std::size_t> winners = 0, wrong = 0;
    std::size_t round = 0;
    std::barrier all(static_cast<std::ptrdiff_t>(racers), [&]() noexcept {
        if (winners.exchange(0) != 1) ++race.without_one_winner;
        race.wrong_losers += wrong.exchange(0);
        ++round;
    });
    std::vector<std::thread> threads;
    for (std::size_t racer = 0; racer < racers; ++racer) {
        threads.emplace_back([&, racer] {
            std::mt19937_64 random(racer);
            for (std::size_t i = 0; i < rounds; ++i) {
                stagger(random);
                const auto result =
                    append(store, "offer-race", ExpectedVersion::exact(i), events_of("E", 1));
                if (result) {
                    ++winners;
                } else if (result.error().current != i + 1 ||
                           result.error().in_between.size() != 1) {
                    ++wrong;
                }
                all.arrive_and_wait();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    return race;
}

}  // namespace

TEST_CASE("of 16 or 64 writers at one version exactly one wins", "[race][threads]") {
    std::size_t total = 0;
    for (const std::size_t racers : {16u, 64u}) {
        const std::size_t rounds = !long_form() ? 100 : (racers == 16 ? 80'000 : 20'000) / share;
        const TemporaryFolder folder(fast_folder());
        const auto store = open_event_store(folder.path(), {});
        const auto result = race(*store, racers, rounds);
        CAPTURE(racers);
        CHECK(result.without_one_winner == 0);
        CHECK(result.wrong_losers == 0);
        CHECK(store->stream_version(acme, StreamName("offer-race")) == rounds);
        total += rounds;
    }
    note_result(proof, {{"rounds", total}});
}
