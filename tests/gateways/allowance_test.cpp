#include "gateways/rest/allowance.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::rest;
using namespace std::chrono_literals;

namespace {

const Timestamp start(1'300'000'000s);

struct Announced {
    explicit Announced(int remaining, std::chrono::seconds reset = 60s, int limit = 10) {
        const auto first = allowance->take(start);
        note(remaining, reset, limit);
    }
    void note(int remaining, std::chrono::seconds reset, int limit = 10) {
        allowance->note(
            {{"X-RateLimit-Limit", std::to_string(limit)},
             {"X-RateLimit-Remaining", std::to_string(remaining)},
             {"X-RateLimit-Reset", std::to_string((1'300'000'000s + reset).count())}},
            start
        );
    }
    /// How many requests go, one after the other.
    int taken(Timestamp now) {
        int count = 0;
        while (count < 100 && allowance->take(now)) ++count;
        return count;
    }

    std::shared_ptr<Allowance> allowance = std::make_shared<Allowance>();
};

}  // namespace

TEST_CASE("without an announcement, or with none that can be read, nothing is held") {
    Announced announced(0, 60s);
    const auto silent = std::make_shared<Allowance>();
    CHECK_FALSE(silent->left());
    const char* remaining = GENERATE("", "-1", "many", "0 ");
    silent->note(
        {{"X-RateLimit-Remaining", remaining}, {"X-RateLimit-Reset", "1300000060"}}, start
    );
    silent->note({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1299999999"}}, start);
    silent->note({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1999999999"}}, start);
    silent->note({{"X-RateLimit-Remaining", "0"}}, start);
    CHECK(silent->take(start));
    CHECK_FALSE(announced.allowance->take(start));
}

TEST_CASE("as many go as are left, then none before the reset") {
    Announced announced(3);
    CHECK(announced.taken(start) == 3);
    CHECK(announced.allowance->left() == 0);
    CHECK(announced.allowance->reset() == start + 60s);
    CHECK(announced.taken(start + 59s) == 0);
    // The next window gives the whole limit, as far as is known.
    CHECK(announced.taken(start + 60s) == 10);
}

TEST_CASE("what others used up is learnt from the answers, what is on its way is subtracted") {
    Announced announced(8);
    announced.note(2, 60s);
    CHECK(announced.taken(start) == 2);

    Announced crowded(8);
    const auto one = crowded.allowance->take(start);
    const auto two = crowded.allowance->take(start);
    // An answer of the next window counts its own request; the other may not have arrived yet.
    crowded.note(5, 120s);
    CHECK(crowded.taken(start) == 4);
}

TEST_CASE("an answer of the same window never gives more") {
    Announced announced(3);
    CHECK(announced.taken(start) == 3);
    announced.note(2, 61s);
    CHECK(announced.taken(start) == 0);
}
