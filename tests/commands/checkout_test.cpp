// What is decided on a checkout: when it is paid, changed, cancelled, refunded and given to a
// person.
#include "commands/checkouts/checkout.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using namespace std::chrono_literals;

namespace {

const events::CheckoutId id("sale-1");
const auto now = *parse_time("2026-12-01T12:00:00Z");
const SoldOffer offer{ClubifyId("remote-offer"), std::nullopt, "active"};
const Buyer maria{"customer-1", "remote-1", std::nullopt};
const PayTerms by_card{"credit_card", "tok_approved_1", std::nullopt, std::nullopt};
const PayTerms by_pix{"pix", std::nullopt, std::nullopt, std::nullopt};
const PayTerms by_boleto{"boleto", std::nullopt, std::nullopt, std::nullopt};

CheckoutQuote quote(std::int64_t total, const std::string& currency = "BRL") {
    const auto cents = std::to_string(total);
    return {
        JsonText(
            R"({"total_cents":)" + cents + R"(,"installments":[{"count":3,"total_cents":)" +
            std::to_string(total + 100) + "}]}"
        ),
        currency,
        total,
        now + 15min
    };
}

/// An open one of 29.90, quoted for a quarter of an hour.
events::CheckoutOpened opened(const std::string& currency = "BRL", const Buyer& buyer = maria) {
    OpenCheckout open;
    open.offer_id = OfferId("offer-1");
    const auto events = decide(open, id, offer, buyer, {now, quote(2990, currency)});
    return std::get<events::CheckoutOpened>(events.value().front());
}

events::PaymentAsked asked(std::string method, std::int64_t attempt = 1) {
    events::PaymentAsked event;
    event.checkout_id = id;
    event.attempt = attempt;
    event.charge_id = "sale-1-" + std::to_string(attempt);
    event.method = method;
    event.provider = "clubify";
    event.amount_cents = 2990;
    event.currency = "BRL";
    event.asked_at = now;
    if (method == "credit_card") event.card_token = events::PersonText("tok_approved_1");
    if (method == "pix") event.payable_until = now + 1h;
    if (method == "boleto") event.payable_until = now + 72h;
    return event;
}

const events::ChargePending pending{id, "sale-1-1", "pay-1", {}, {}, {}};
const events::ChargeCaptured captured{id, "sale-1-1", "pay-1", 2990, "BRL"};
const events::ChargeDeclined declined{id, "sale-1-1", "card_declined", true};
const events::CheckoutFailed failed{id, "checkout-failed", 409, "no", "não"};
const events::CheckoutCancelled cancelled{id, std::nullopt};
const events::CheckoutExpired has_expired{id};

events::CheckoutCompleted completed() {
    events::CheckoutCompleted event;
    event.checkout_id = id;
    event.clubify_order_id = ClubifyId("order-1");
    return event;
}

events::StepBlocked blocked(const std::string& step) {
    return {id, step, "clubify-refused", 2990};
}

spec::Given<CheckoutState> given(const CheckoutEvents& history) {
    return spec::given<CheckoutState>(history);
}

OfferedNow at(Timestamp time, std::int64_t total = 2990) {
    return {time, quote(total)};
}

}  // namespace

TEST_CASE(
    "a payment is asked for once: what runs, waits or is over begins no other", "[checkout]"
) {
    const PayCheckout card{by_card}, pix{by_pix}, boleto{by_boleto};
    given({opened()}).when(card, at(now)).then({asked("credit_card")});
    given({opened()}).when(pix, at(now)).then({asked("pix")});
    given({opened()}).when(boleto, at(now)).then({asked("boleto")});
    given({opened(), asked("credit_card")}).when(card, at(now)).then_rejected("illegal-transition");
    given({opened(), asked("pix"), pending}).when(pix, at(now)).then_nothing();
    given({opened(), asked("pix"), pending})
        .when(card, at(now))
        .then_rejected("illegal-transition");
    given({opened(), asked("credit_card"), captured}).when(card, at(now)).then_nothing();
    given({opened(), asked("credit_card"), captured, completed()})
        .when(card, at(now))
        .then_nothing();
    given({opened(), failed}).when(card, at(now)).then_rejected("illegal-transition");
    given({opened(), cancelled}).when(card, at(now)).then_rejected("illegal-transition");
    given({opened(), has_expired}).when(card, at(now)).then_rejected("checkout-expired");
    given({opened()}).when(card, at(now + 60min)).then_rejected("checkout-expired");
}

TEST_CASE("after a decline another attempt has a charge of its own", "[checkout]") {
    given({opened(), asked("credit_card"), declined})
        .when(PayCheckout{by_card}, at(now))
        .then({asked("credit_card", 2)});
}

TEST_CASE(
    "a price that is another when the quote is over is told before money moves", "[checkout]"
) {
    const PayCheckout card{by_card};
    const auto over = now + 15min;
    given({opened()}).when(card, at(over - 1us, 3990)).then([] {
        auto event = asked("credit_card");
        event.asked_at = now + 15min - 1us;
        return CheckoutEvents{event};
    }());
    given({opened()}).when(card, at(over, 3990)).then_rejected("price-changed");
    given({opened()}).when(card, at(over, 1990)).then_rejected("price-changed");
    const std::vector<Fault> gone{{"/coupon", "disabled", {"is over", "acabou"}}};
    given({opened()})
        .when(card, OfferedNow{over, std::unexpected(gone)})
        .then_rejected("price-changed");
}

TEST_CASE("what a method needs, and where it is not to be had", "[checkout]") {
    const auto open = given({opened()});
    open.when(PayCheckout{{"credit_card", {}, {}, {}}}, at(now))
        .then_fault("/card_token", "required_of_cards");
    open.when(PayCheckout{{"pix", "tok_approved_1", {}, {}}}, at(now))
        .then_fault("/card_token", "only_of_cards");
    open.when(PayCheckout{{"boleto", {}, 3, {}}}, at(now))
        .then_fault("/installments", "only_of_cards");
    open.when(PayCheckout{{"credit_card", "tok_approved_1", {}, 600}}, at(now))
        .then_fault("/expires_in", "only_of_later_payment");
    open.when(PayCheckout{{"credit_card", "tok_approved_1", 2, {}}}, at(now))
        .then_fault("/installments", "not_offered");
    auto in_three = asked("credit_card");
    in_three.installments = 3;
    in_three.amount_cents = 3090;
    open.when(PayCheckout{{"credit_card", "tok_approved_1", 3, {}}}, at(now)).then({in_three});
    given({opened("USD")}).when(PayCheckout{by_pix}, at(now)).then_rejected("method-not-available");
    given({opened("CHF")})
        .when(PayCheckout{by_card}, at(now))
        .then_rejected("method-not-available");
    given({opened("BRL", Buyer())})
        .when(PayCheckout{by_card}, at(now))
        .then_fault("/customer", "required_to_pay");
}

TEST_CASE(
    "a payment is begun where the tenant's payments are now, which takes reais alone", "[checkout]"
) {
    auto offered = at(now);
    offered.provider = "pagarme";
    auto there = asked("credit_card");
    there.provider = "pagarme";
    given({opened()}).when(PayCheckout{by_card}, offered).then({there});
    const OfferedNow dollars{now, quote(2990, "USD"), "pagarme"};
    given({opened("USD")})
        .when(PayCheckout{by_card}, dollars)
        .then_rejected("method-not-available");
}

TEST_CASE("it is changed and cancelled while nothing is under way", "[checkout]") {
    const CancelCheckout cancel{"changed my mind"};
    const events::CheckoutCancelled so{id, "changed my mind"};
    given({opened()}).when(cancel).then({so});
    given({opened(), asked("pix"), pending}).when(cancel).then({so});
    given({opened(), cancelled}).when(cancel).then_nothing();
    given({opened(), asked("credit_card")}).when(cancel).then_rejected("illegal-transition");
    given({opened(), asked("credit_card"), captured})
        .when(cancel)
        .then_rejected("illegal-transition");
    const ChangeCheckout change;
    const std::optional<Buyer> same;
    given({opened(), asked("pix"), pending})
        .when(change, same, at(now))
        .then_rejected("illegal-transition");
    const auto changed =
        decide(change, spec::folded<CheckoutState>(CheckoutEvents{opened()}), same, at(now, 1990));
    REQUIRE(changed.has_value());
    CHECK(std::get<events::CheckoutChanged>(changed->front()).total_cents == 1990);
}

TEST_CASE("never more is given back than is left, also while a refund is under way", "[checkout]") {
    const CheckoutEvents paid{opened(), asked("credit_card"), captured, completed()};
    const std::string refund = "refund-1";
    const events::RefundAsked whole{id, refund, 2990, "no", {}}, part{id, refund, 990, "no", {}};
    given(paid).when(RefundCheckout{{}, "no"}, refund).then({whole});
    given(paid).when(RefundCheckout{990, "no"}, refund).then({part});
    given(paid).when(RefundCheckout{2991, "no"}, refund).then_fault("/amount_cents", "too_much");
    auto partly = paid;
    partly.emplace_back(part);
    given(partly).when(RefundCheckout{2001, "no"}, "r2").then_fault("/amount_cents", "too_much");
    given(partly)
        .when(RefundCheckout{2000, "no"}, "r2")
        .then({events::RefundAsked{id, "r2", 2000, "no", {}}});
    auto all = paid;
    all.emplace_back(whole);
    all.emplace_back(events::RefundDone{id, refund, 2990, ClubifyId("order-1"), {}});
    given(all).when(RefundCheckout{{}, "no"}, "r2").then_fault("/amount_cents", "too_much");
    given({opened(), asked("credit_card"), captured})
        .when(RefundCheckout{{}, "no"}, refund)
        .then_rejected("illegal-transition");
}

TEST_CASE(
    "an order that cannot be completed is given back whole when a person says so", "[checkout]"
) {
    const auto decided = decide(
        RefundCheckout{{}, "no"},
        spec::folded<CheckoutState>(
            CheckoutEvents{opened(), asked("credit_card"), captured, blocked("complete")}
        ),
        "refund-1"
    );
    REQUIRE(decided.has_value());
    REQUIRE(decided->size() == 3);
    CHECK(std::get<events::StepResolved>((*decided)[0]).amount_cents == 2990);
    CHECK(std::get<events::RefundAsked>((*decided)[2]).amount_cents == 2990);
}

TEST_CASE("a person decides on what is blocked alone, and never that money came", "[checkout]") {
    const CheckoutEvents stuck{opened(), asked("credit_card"), captured, blocked("complete")};
    const auto resolved = [](std::string step, std::string action) {
        return events::StepResolved{id, std::move(step), std::move(action), "seen", 2990};
    };
    given(stuck)
        .when(ResolveStep{"complete", "retry", "seen"})
        .then({resolved("complete", "retry")});
    given(stuck).when(ResolveStep{"void", "retry", "seen"}).then_fault("/step", "not_blocked");
    given(stuck).when(ResolveStep{"complete", "done", "seen"}).then_fault("/action", "only_retry");
    given(stuck)
        .when(ResolveStep{"complete", "accept_loss", "seen"})
        .then_fault("/action", "only_of_refunds");
    given({opened(), asked("credit_card"), blocked("checkout")})
        .when(ResolveStep{"checkout", "retry", "seen"})
        .then_fault("/action", "only_done");
    const CheckoutEvents owed{
        opened(),
        asked("boleto"),
        captured,
        completed(),
        events::RefundAsked{id, "r1", 2990, "no", {}},
        blocked("refund-r1")
    };
    given(owed)
        .when(ResolveStep{"refund-r1", "done", "seen"})
        .then(
            {resolved("refund-r1", "done"),
             events::RefundDone{id, "r1", 2990, ClubifyId("order-1"), {}}}
        );
    auto lost = owed;
    lost.emplace_back(resolved("refund-r1", "accept_loss"));
    const auto state = spec::folded<CheckoutState>(lost);
    CHECK(state.refunding_cents() == 0);
    CHECK(state.kept_cents() == 2990);
}
