// What of a refund is of which line that was sold.
#include "commands/checkouts/refund.hpp"

#include <rapidcheck.h>

#include "tests/commands/spec.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

/// Three lines of 10.00, 5.01 and nothing, shipping of 1.50: completed.
CheckoutState sold() {
    CheckoutState state;
    state.id = events::CheckoutId("sale-1");
    state.end = CheckoutState::End::completed;
    state.charge = CheckoutState::Charge::captured;
    state.order_id = "order-1";
    state.lines = {{2, 1000}, {3, 501}, {1, 0}};
    state.captured_cents = 1651;
    return state;
}

std::int64_t sum_of(const std::vector<events::RefundedLine>& lines) {
    std::int64_t sum = 0;
    for (const auto& line : lines) sum += line.amount_cents;
    return sum;
}

events::RefundAsked asked(const CheckoutState& state, const RefundCheckout& command) {
    const auto decided = decide(command, state, "r1");
    REQUIRE(decided.has_value());
    return std::get<events::RefundAsked>(decided->front());
}

std::vector<Fault> faults(const CheckoutState& state, const RefundCheckout& command) {
    const auto decided = decide(command, state, "r1");
    REQUIRE_FALSE(decided.has_value());
    return decided.error().faults;
}

}  // namespace

TEST_CASE("all of it goes back over lines and shipping as they were paid", "[checkout]") {
    const auto all = asked(sold(), {{}, "no"});
    CHECK(all.amount_cents == 1651);
    CHECK(all.lines == std::vector<events::RefundedLine>{{0, 0, 1000}, {1, 0, 501}});
}

TEST_CASE("a part is divided over the lines by what is left of each", "[checkout]") {
    const auto part = asked(sold(), {1000, "no"});
    CHECK(part.amount_cents == 1000);
    CHECK(part.lines == std::vector<events::RefundedLine>{{0, 0, 606}, {1, 0, 303}});
}

TEST_CASE("of a line comes back what is asked of it, its pieces, or all of it", "[checkout]") {
    const auto lines = asked(sold(), {{}, "no", {{0, 1, {}}, {1, {}, 100}}});
    CHECK(lines.amount_cents == 600);
    CHECK(lines.lines == std::vector<events::RefundedLine>{{0, 1, 500}, {1, 0, 100}});
    CHECK(asked(sold(), {{}, "no", {{1, {}, {}}}}).amount_cents == 501);
    CHECK(asked(sold(), {{}, "no", {{1, 2, {}}}}).amount_cents == 334);
}

TEST_CASE("all that is wrong with the lines is told at once", "[checkout]") {
    auto state = sold();
    state.lines[0].refunded_cents = 900;
    state.refunds.push_back({"r0", 900, true, {{0, 0, 900}}});
    state.refunded_cents = 900;
    const auto all = faults(
        state, {{}, "no", {{3, {}, {}}, {1, 4, {}}, {0, {}, 101}, {0, {}, {}}, {2, {}, {}}}}
    );
    REQUIRE(all.size() == 5);
    CHECK(all[0].pointer == "/lines/0/line");
    CHECK(all[1].pointer == "/lines/1/quantity");
    CHECK(all[2].pointer == "/lines/2/amount_cents");
    CHECK(all[3].code == "twice");
    CHECK(all[4].pointer == "/lines/4/line");
    CHECK(faults(state, {1, "no", {{0, {}, {}}}}).front().pointer == "/amount_cents");
}

TEST_CASE("whatever is refunded in whatever parts, no line gives back more than it came to") {
    CHECK(rc::check("lines and shipping give back no more than they came to", [] {
        auto state = sold();
        std::int64_t beside = 0;
        for (int i = 0; i < 6 && state.kept_cents() > 0; ++i) {
            const auto amount = *rc::gen::inRange<std::int64_t>(1, state.kept_cents() + 1);
            const auto refund = asked(state, {amount, "no"});
            RC_ASSERT(refund.amount_cents == amount);
            beside += amount - sum_of(refund.lines);
            state = evolve(std::move(state), refund);
            for (const auto& line : state.lines) RC_ASSERT(line.refunded_cents <= line.total_cents);
            RC_ASSERT(beside >= 0);
            RC_ASSERT(beside <= 150);
        }
    }));
}
