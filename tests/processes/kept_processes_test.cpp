// Folded processes that are kept until their next signal.
#include "processes/kept_processes.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;

namespace {

ProcessName named(std::string id) {
    return {TenantId("t"), "toy", std::move(id)};
}

Folded at(Version version) {
    Folded folded;
    folded.version = version;
    return folded;
}

}  // namespace

TEST_CASE("whoever takes a kept process has it alone", "[processes]") {
    KeptProcesses kept(2);
    CHECK_FALSE(kept.take(named("a")).has_value());
    kept.keep(named("a"), at(3));
    kept.keep(named("b"), at(1));
    const auto taken = kept.take(named("a"));
    REQUIRE(taken.has_value());
    CHECK(taken->version == 3);
    CHECK_FALSE(kept.take(named("a")).has_value());
    CHECK(kept.size() == 1);
}

TEST_CASE("the one that was kept first is given up for another", "[processes]") {
    KeptProcesses kept(2);
    kept.keep(named("a"), at(1));
    kept.keep(named("b"), at(1));
    kept.keep(named("a"), at(2));  // later than b now
    kept.keep(named("c"), at(1));
    CHECK_FALSE(kept.take(named("b")).has_value());
    CHECK(kept.take(named("a"))->version == 2);
    CHECK(kept.take(named("c")).has_value());
    CHECK(kept.size() == 0);
}

TEST_CASE("where none may be kept none is", "[processes]") {
    KeptProcesses kept(0);
    kept.keep(named("a"), at(1));
    CHECK(kept.size() == 0);
}
