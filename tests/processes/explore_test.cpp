#include "processes/explore.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine::processes;

// That no case is violated is tried with the program: tests/e2e/test_checkout.py.
TEST_CASE("the same case of the same seed is the same script", "[processes]") {
    ExploreOptions options;
    options.only = "card/capture/after-effect/unknown-done/doubled";
    const auto first = explore_checkout(options), second = explore_checkout(options);
    REQUIRE(first.violated.size() == 1);
    CHECK(first.violated.front().violations.empty());
    CHECK(first.violated.front().script.size() > 20);
    CHECK(first.violated.front().script == second.violated.front().script);
}
