// What a checkout's buyer does with order bumps, and what becomes of accepted ones.
#include "commands/checkouts/bumps.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using namespace std::chrono_literals;

namespace {

const events::CheckoutId id("sale-1");
const OfferId offer("offer-1");
const auto begin = *parse_time("2026-12-01T12:00:00Z");
const ProductId phone("phone"), sleeve("sleeve");

JsonText quote_json(std::int64_t total) {
    return JsonText(
        R"({"lines":[{"product_id":"phone","quantity":1,"subtotal_cents":100000,"total_cents":100000}],"stages":[],"total_cents":)" +
        std::to_string(total) + "}"
    );
}

QuoteDecision quote(std::int64_t total) {
    return CheckoutQuote{quote_json(total), "BRL", total, begin + 15min};
}

events::CheckoutOpened opened() {
    events::CheckoutOpened event;
    event.checkout_id = id;
    event.offer_id = offer;
    event.session = "s-1";
    event.quote = quote_json(100'000);
    event.currency = "BRL";
    event.total_cents = 100'000;
    event.quote_valid_until = begin + 15min;
    event.expires_at = begin + 60min;
    event.revision = 2;
    return event;
}

events::Bump rule() {
    events::Bump bump;
    bump.bump = "capa";
    bump.product_id = sleeve;
    bump.display_rules.match = "all";
    bump.design.position = "after_products";
    bump.pricing = {"percentage", JsonText("20"), false, std::nullopt};
    bump.when_unqualified = "keep";
    return bump;
}

/// What is known of the bump: 49.90, less a fifth.
BumpsNow now_with(const events::Bump& bump, Timestamp when = begin + 30s) {
    BumpsNow now;
    now.moment = {when, begin};
    now.known.rulebook =
        std::make_shared<const rules::bumps::Rulebook>(rules::bumps::Rulebook{offer, 2, 5, {bump}});
    auto& inputs = now.known.inputs;
    inputs.offer_active = true;
    inputs.rounding = "half_away";
    inputs.cart = {100'000, {phone}, {}};
    auto& facts = inputs.bumps.emplace_back();
    facts.bump = bump.bump;
    facts.sold = true;
    facts.unit_cents = 4'990;
    auto& unit = now.known.units.emplace_back();
    unit.cents = 4'990;
    unit.rule = "product-sleeve";
    unit.revision = 1;
    unit.name = "Capa";
    return now;
}

std::string decision_of(const BumpsNow& now) {
    return rules::bumps::decision_id(
        *now.known.rulebook, rules::bumps::inputs_json(now.known.inputs)
    );
}

events::BumpsDecided decided(const BumpsNow& now) {
    return {id, decision_of(now), 2, rules::bumps::inputs_json(now.known.inputs)};
}

events::AcceptedBump bought(std::int64_t price = 3'992) {
    events::AcceptedBump accepted;
    accepted.bump = "capa";
    accepted.product_id = sleeve;
    accepted.name = "Capa";
    accepted.unit_cents = 4'990;
    accepted.price_cents = price;
    accepted.price_rule = "product-sleeve";
    accepted.price_revision = 1;
    accepted.revision = 2;
    return accepted;
}

events::BumpAccepted accepted(const BumpsNow& now, std::int64_t price = 3'992) {
    return {id, offer, bought(price), decision_of(now), now.moment.now};
}

events::BumpDisplayed displayed(const BumpsNow& now) {
    return {id, offer, "capa", decision_of(now), now.moment.now, 3'992, "s-1", std::nullopt};
}

CheckoutState state_after(const CheckoutEvents& history) {
    CheckoutState state;
    for (const auto& event : history) {
        state.bumps = rules::bumps::evolve(std::move(state.bumps), event, begin);
        state = evolve(std::move(state), event);
        ++state.version;
    }
    return state;
}

spec::Given<CheckoutState> given(const CheckoutEvents& history) {
    return spec::Given<CheckoutState>(state_after(history));
}

events::CheckoutChanged changed(const CheckoutEvents& history, std::int64_t total) {
    return changed_to(state_after(history), Buyer(), *quote(total));
}

}  // namespace

TEST_CASE("a bump is noted as displayed once for a checkout", "[bumps]") {
    const auto now = now_with(rule());
    const DisplayBumps twice{{"capa", "capa"}, {}};
    given({opened()}).when(twice, now).then({decided(now), displayed(now)});
    given({opened(), decided(now), displayed(now)}).when(twice, now).then_nothing();
    const auto wrong = given({opened()}).when(DisplayBumps{{"none", "capa"}, {}}, now);
    wrong.then_fault("/bumps/0", "unknown_bump");
    auto hidden = rule();
    hidden.display_rules.cart_value_min = 100'001;
    given({opened()}).when(twice, now_with(hidden)).then_fault("/bumps/0", "not_offered");
}

TEST_CASE("accepting freezes the price and quotes anew, once", "[bumps]") {
    const auto now = now_with(rule());
    const AcceptBump accept{"capa", {}, {}};
    const CheckoutEvents before{opened()};
    given(before)
        .when(accept, now, quote(103'992))
        .then({decided(now), accepted(now), changed(before, 103'992)});
    given({opened(), decided(now), accepted(now)}).when(accept, now, quote(0)).then_nothing();
    given(before).when(AcceptBump{"none", {}, {}}, now, quote(0)).then_rejected("not-found");
    given(before).when(AcceptBump{"capa", 1, {}}, now, quote(0)).then_rejected("price-changed");
    given({opened(), events::CheckoutCancelled{id, {}}})
        .when(accept, now, quote(0))
        .then_rejected("illegal-transition");
    given(before)
        .when(accept, now_with(rule(), begin + 60min), quote(0))
        .then_rejected("checkout-expired");
}

TEST_CASE("what is not offered is not accepted, five seconds late at the most", "[bumps]") {
    const AcceptBump accept{"capa", {}, {}};
    auto hidden = rule();
    hidden.display_rules.time_based.hide_after_seconds = 60;
    const auto late = now_with(hidden, begin + 64s), too_late = now_with(hidden, begin + 65s);
    CHECK(decide(accept, state_after({opened()}), late, quote(103'992)).has_value());
    given({opened()}).when(accept, too_late, quote(0)).then_rejected("illegal-transition");
    auto sold_out = now_with(rule());
    sold_out.known.inputs.bumps[0].available = 0;
    given({opened()}).when(accept, sold_out, quote(0)).then_rejected("out-of-stock");
}

TEST_CASE("after its timer a discount goes only to who knows the price", "[bumps]") {
    auto timed = rule();
    timed.pricing.time_limited = true;
    timed.pricing.urgency_timer = 60;
    auto now = now_with(timed, begin + 100s);
    now.known.inputs.bumps[0].first_displayed = begin;
    const CheckoutEvents before{opened()};
    given(before).when(AcceptBump{"capa", {}, {}}, now, quote(0)).then_rejected("price-changed");
    given(before).when(AcceptBump{"capa", 3'992, {}}, now, quote(0)).then_rejected("price-changed");
    given(before)
        .when(AcceptBump{"capa", 4'990, {}}, now, quote(104'990))
        .then({decided(now), accepted(now, 4'990), changed(before, 104'990)});
}

TEST_CASE("declining is kept once, and takes out what was accepted", "[bumps]") {
    const auto now = now_with(rule());
    const DeclineBump decline{"capa", {}};
    const events::BumpDeclined declined{id, offer, "capa", decision_of(now), now.moment.now};
    given({opened()}).when(decline, now, quote(100'000)).then({decided(now), declined});
    given({opened(), decided(now), declined}).when(decline, now, quote(0)).then_nothing();
    const CheckoutEvents before{opened(), decided(now), accepted(now)};
    given(before).when(decline, now, quote(100'000)).then({declined, changed(before, 100'000)});
}

TEST_CASE("an accepted bump whose cart is another is kept, repriced or removed", "[bumps]") {
    auto bump = rule();
    const auto before = now_with(bump);
    const CheckoutEvents history{opened(), decided(before), accepted(before)};
    CHECK(reconsider(state_after(history), before).events.empty());
    bump.display_rules.required_products = {ProductId("ring")};
    const auto outcome = [&](const char* policy) {
        bump.when_unqualified = policy;
        const auto now = now_with(bump);
        const auto after = reconsider(state_after(history), now);
        const auto& event = std::get<events::BumpReconsidered>(after.events.back());
        const auto left = after.accepted.empty() ? 0 : after.accepted.front().price_cents;
        return event.outcome + ' ' + std::to_string(event.price_cents) + ' ' + std::to_string(left);
    };
    CHECK(outcome("keep") == "kept 3992 3992");
    CHECK(outcome("reprice") == "repriced 4990 4990");
    CHECK(outcome("remove") == "removed 0 0");

    bump.when_unqualified = "keep";
    const auto now = now_with(bump);
    auto again = history;
    for (const auto& event : reconsider(state_after(history), now).events) again.push_back(event);
    CHECK(reconsider(state_after(again), now).events.empty());

    auto late = now_with(rule(), begin + 50min);  // time, stock and limits are of what is offered
    late.known.inputs.bumps[0].available = 0;
    CHECK(reconsider(state_after(history), late).events.empty());
}
