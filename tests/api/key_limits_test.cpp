#include "api/http/key_limits.hpp"

#include "api/config/values.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::api;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("each key has its requests in each window") {
    KeyLimits limits(KeyLimit{2, seconds(10)});
    const KeyLimits::TimePoint begin{};
    CHECK(limits.take("a", begin).remaining == 1);
    const auto second = limits.take("a", begin + milliseconds(1500));
    CHECK(second.allowed);
    CHECK(second.remaining == 0);
    CHECK(second.reset == seconds(9));
    const auto refused = limits.take("a", begin + seconds(2));
    CHECK_FALSE(refused.allowed);
    CHECK(refused.reset == seconds(8));
    CHECK(limits.take("b", begin + seconds(2)).allowed);
    CHECK(limits.take("a", begin + seconds(10)).remaining == 1);
}

TEST_CASE("a limit is so many in whole seconds, and origins are origins") {
    CHECK(parse_key_limit("100/1s") == KeyLimit{100, seconds(1)});
    CHECK(parse_key_limit("6000/1m") == KeyLimit{6000, seconds(60)});
    for (const auto* bad : {"", "100", "0/1s", "100/0s", "100/250ms", "x/1s", "1/1", "-1/1s"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_key_limit(bad));
    }
    CHECK(
        parse_origins("https://a.example, http://localhost:3000") ==
        std::vector<std::string>{"https://a.example", "http://localhost:3000"}
    );
    CHECK(parse_origins("*") == std::vector<std::string>{"*"});
    for (const auto* bad :
         {"a.example", "https://", "https://a.example/x", "ftp://a", "https://a b"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_origins(bad));
    }
}
