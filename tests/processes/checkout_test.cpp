// The saga of a checkout, told in its own words: which step is next, what undoes what, what waits.
#include "processes/checkout.hpp"

#include <algorithm>

#include "events/hooks.hpp"
#include "processes/explore.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;
using namespace std::chrono_literals;

namespace {

using Events = std::vector<events::CheckoutEvent>;
using Strings = std::vector<std::string>;
namespace outcomes = events::effect_outcome;

const events::CheckoutId id("sale-1");
const auto now = parse_time("2026-12-01T12:00:00Z").value();

events::CheckoutOpened opened() {
    events::CheckoutOpened event;
    event.checkout_id = id;
    event.offer_id = OfferId("offer-1");
    event.clubify_offer_id = ClubifyId("remote-offer");
    event.customer = events::PersonText(R"({"email":"m@example.com","name":"Maria"})");
    event.coupon = "VERAO";
    event.quote =
        JsonText(R"({"lines":[{"sku":"A","quantity":1}],"subtotal_cents":2990,"discount_cents":0,)"
                 R"("shipping_cents":0,"total_cents":2990})");
    event.currency = "BRL";
    event.total_cents = 2990;
    event.expires_at = now + 60min;
    return event;
}

events::PaymentAsked asked(std::string method) {
    events::PaymentAsked event;
    event.checkout_id = id;
    event.charge_id = "sale-1-1";
    event.method = std::move(method);
    event.provider = "clubify";
    event.amount_cents = 2990;
    event.currency = "BRL";
    event.asked_at = now;
    if (event.method == "pix") event.payable_until = now + 1h;
    return event;
}

events::RecordedEvent recorded(const events::PaymentHookReceived& hook) {
    auto encoded = events::encode(hook);
    events::RecordedEvent event;
    event.type = encoded.type;
    event.schema = encoded.schema;
    event.data = encoded.data;
    return event;
}

/// A saga as the runner would lead it: each outcome is reacted to, then taken.
class Saga {
public:
    explicit Saga(const std::string& method) {
        take(opened());
        take(asked(method));
    }

    Strings wants() const {
        Strings names;
        for (const auto& effect : Checkout::wanted(state_).effects) names.push_back(effect.name);
        return names;
    }
    Strings timers() const {
        Strings names;
        for (const auto& timer : Checkout::wanted(state_).timers) names.push_back(timer.name);
        return names;
    }
    const Checkout::State& state() const { return state_; }

    /// What follows from the end of what is wanted, by type.
    Strings ends(
        const std::string& step,
        std::string_view outcome = outcomes::done,
        const std::string& told = {},
        const std::string& problem = {}
    ) {
        events::ProcessEffectEnded ended;
        ended.kind = Checkout::kind;
        ended.effect = step;
        for (const auto& effect : Checkout::wanted(state_).effects) {
            if (effect.name == step) ended.key = effect.key;
        }
        REQUIRE_FALSE(ended.key.empty());
        ended.outcome = outcome;
        ended.problem = problem;
        ended.created = outcome == outcomes::done ? step + "-id" : "";
        if (!told.empty()) ended.told = JsonText(told);
        return follow(events::ProcessEvent(ended));
    }
    Strings fires(const std::string& timer) {
        return follow(events::ProcessTimerFired{std::string(Checkout::kind), timer, now});
    }
    Strings hears(const std::string& signal) {
        const events::PaymentHookReceived hook{"pagarme", "hook", signal, signal, "", id};
        return note(Checkout::react(state_, Fact{recorded(hook)}));
    }
    void take(const events::CheckoutEvent& event) {
        state_ = Checkout::evolve(std::move(state_), event);
    }
    /// As far as the charge.
    void go_to_the_charge() {
        for (const auto* step : {"reserve", "customer", "coupon", "checkout"}) {
            REQUIRE(wants() == Strings{step});
            ends(step);
        }
    }

private:
    /// The types of what follows, which is taken.
    Strings note(const ReactionOf<events::CheckoutEvent>& reaction) {
        Strings types;
        if (!std::holds_alternative<Events>(reaction)) return types;
        for (const auto& each : std::get<Events>(reaction)) {
            std::visit([&](const auto& e) { types.emplace_back(e.event_type); }, each);
            take(each);
        }
        return types;
    }
    Strings follow(const events::ProcessEvent& event) {
        const auto* ended = std::get_if<events::ProcessEffectEnded>(&event);
        const auto reaction =
            ended != nullptr ? Checkout::react(state_, *ended)
                             : Checkout::react(state_, std::get<events::ProcessTimerFired>(event));
        state_ = Checkout::evolve(std::move(state_), event);
        return note(reaction);
    }

    Checkout::State state_;
};

constexpr auto authorized = R"({"status":"authorized"})";
constexpr auto waits = R"({"status":"pending"})";
constexpr auto paid = R"({"status":"captured"})";

}  // namespace

TEST_CASE("a card is charged after the stock is confirmed, and then it goes forward", "[saga]") {
    Saga saga("credit_card");
    saga.go_to_the_charge();
    CHECK(saga.ends("authorize", outcomes::done, authorized) == Strings{"ChargeAuthorized"});
    CHECK(saga.wants() == Strings{"confirm"});
    saga.ends("confirm");
    CHECK(saga.ends("capture") == Strings{"ChargeCaptured"});
    CHECK(saga.wants() == Strings{"redeem"});
    saga.ends("redeem");
    CHECK(saga.ends("complete") == Strings{"CheckoutCompleted"});
    saga.ends("fulfil");
    CHECK(saga.wants().empty());
    CHECK(Checkout::wanted(saga.state()).state == events::process_state::done);
}

TEST_CASE("goods that are gone cost a card nothing: all is undone from the end", "[saga]") {
    Saga saga("credit_card");
    saga.go_to_the_charge();
    saga.ends("authorize", outcomes::done, authorized);
    CHECK(saga.ends("confirm", outcomes::refused, {}, "out-of-stock") == Strings{"CheckoutFailed"});
    for (const auto* step : {"void", "cancel", "unlock", "release"}) {
        REQUIRE(saga.wants() == Strings{step});
        saga.ends(step);
    }
    CHECK(saga.wants().empty());
    CHECK(saga.state().captured_cents == 0);
}

TEST_CASE("what cannot be undone waits for a person, and holds up nothing else", "[saga]") {
    Saga saga("credit_card");
    saga.go_to_the_charge();
    saga.ends("authorize", outcomes::done, authorized);
    saga.ends("confirm", outcomes::refused, {}, "out-of-stock");
    saga.ends("void");
    CHECK(saga.ends("cancel", outcomes::unknown) == Strings{"StepBlocked"});
    CHECK(saga.wants() == Strings{"unlock"});
    CHECK(Checkout::wanted(saga.state()).state == events::process_state::blocked);
}

TEST_CASE("a charge of which nobody can tell is asked for no second time", "[saga]") {
    Saga saga("credit_card");
    saga.go_to_the_charge();
    CHECK(saga.ends("authorize", outcomes::unknown) == Strings{"StepBlocked"});
    CHECK(saga.wants().empty());
}

TEST_CASE("a Pix is looked at while it waits; its stock is confirmed with its money", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    CHECK(saga.ends("issue", outcomes::done, waits) == Strings{"ChargePending"});
    CHECK(saga.wants().empty());
    CHECK(std::ranges::count(saga.timers(), "expire") == 1);
    saga.fires("look-sale-1-1-1");
    REQUIRE(saga.wants() == Strings{"look"});
    CHECK(saga.ends("look", outcomes::done, paid) == Strings{"ChargeCaptured"});
    CHECK(saga.wants().front() == "confirm");
}

TEST_CASE("a Pix whose time is over is looked at once more before it ends", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    saga.ends("issue", outcomes::done, waits);
    CHECK(saga.fires("expire").empty());
    CHECK(saga.ends("look", outcomes::done, waits) == Strings{"CheckoutExpired"});
    CHECK(saga.wants().front() == "void");
}

TEST_CASE("what is gone when a Pix was paid goes back", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    saga.ends("issue", outcomes::done, waits);
    saga.fires("look-sale-1-1-1");
    saga.ends("look", outcomes::done, paid);
    CHECK(
        saga.ends("confirm", outcomes::refused, {}, "out-of-stock") ==
        Strings{"CheckoutFailed", "RefundAsked"}
    );
    CHECK(std::ranges::any_of(saga.wants(), [](const auto& name) {
        return name.starts_with("refund-");
    }));
    CHECK(saga.state().refunding_cents() == 2990);
}

TEST_CASE("what a person has closed on the platform is not cancelled there", "[saga]") {
    Saga saga("pix");
    for (const auto* step : {"reserve", "customer", "coupon"}) saga.ends(step);
    CHECK(saga.ends("checkout", outcomes::unknown) == Strings{"CheckoutFailed", "StepBlocked"});
    saga.take(events::StepResolved{id, "checkout", "done", "closed by hand", 0});
    CHECK(saga.wants() == Strings{"unlock"});
    saga.ends("unlock");
    CHECK(saga.wants() == Strings{"release"});
}

TEST_CASE("a saga that has looked at its charge says that it is done", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    saga.ends("issue", outcomes::done, waits);
    saga.fires("look-sale-1-1-1");
    CHECK(saga.wants() == Strings{"look"});
    saga.ends("look", outcomes::done, paid);
    for (const auto* step : {"confirm", "redeem", "complete", "fulfil"}) saga.ends(step);
    CHECK(saga.wants().empty());
    CHECK(Checkout::wanted(saga.state()).state == events::process_state::done);
}

TEST_CASE("whether the bank took back what was paid is a person's to find out", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    saga.ends("issue", outcomes::done, waits);
    saga.fires("look-sale-1-1-1");
    saga.ends("look", outcomes::done, paid);
    for (const auto* step : {"confirm", "redeem", "complete"}) saga.ends(step);
    saga.take(events::ChargeSignalled{id, "payment.failed"});
    CHECK(saga.ends("look", outcomes::unknown) == Strings{"StepBlocked"});
    CHECK(saga.state().blocked.at("look").amount_cents == 2990);
    saga.take(events::ChargeSignalled{id, "payment.failed"});
    CHECK(saga.ends("look", outcomes::unknown).empty());
}

TEST_CASE("what went back at the provider is noted, whoever asked for it", "[saga]") {
    Saga saga("pix");
    saga.go_to_the_charge();
    saga.ends("issue", outcomes::done, waits);
    saga.hears("payment.paid");
    saga.ends("look", outcomes::done, paid);
    for (const auto* step : {"confirm", "redeem", "complete", "fulfil"}) saga.ends(step);
    CHECK(saga.hears("payment.refunded") == Strings{"ChargeSignalled"});
    const auto* part = R"({"status":"captured","refunded_cents":990})";
    CHECK(saga.ends("look", outcomes::done, part) == Strings{"RefundAsked", "RefundDone"});
    CHECK(saga.state().refunded_cents == 990);
    saga.hears("payment.refunded");
    CHECK(saga.ends("look", outcomes::done, part).empty());
    saga.take(events::RefundAsked{id, "r-1", 1000, "defeito", {}});
    saga.take(events::RefundAsked{id, "r-2", 1000, "resto", {}});
    CHECK(saga.wants() == Strings{"refund-r-1"});
    saga.ends("refund-r-1", outcomes::unknown);
    CHECK(saga.state().blocked.contains("refund-r-1"));
    saga.hears("payment.refunded");
    const auto* more = R"({"status":"captured","refunded_cents":1990})";
    CHECK(saga.ends("look", outcomes::done, more) == Strings{"StepResolved", "RefundDone"});
    CHECK(saga.state().blocked.empty());
    CHECK(saga.state().refunding_cents() == 1000);
    CHECK(saga.wants() == Strings{"refund-r-2"});
}

TEST_CASE("a hook is of the checkout that it names, and is looked into", "[saga]") {
    const events::PaymentHookReceived hook{
        "pagarme", "hook_1", "order.paid", "payment.paid", "ch_1", id
    };
    const auto routed = Checkout::signals(recorded(hook));
    REQUIRE(routed.size() == 1);
    CHECK(routed[0].id == id.str());
    CHECK_FALSE(routed[0].waits);
    Saga saga("pix");
    saga.go_to_the_charge();
    CHECK(saga.hears("payment.paid").empty());
    saga.ends("issue", outcomes::done, waits);
    CHECK(saga.hears("payment.action_required").empty());
    CHECK(saga.hears("charge.odd") == Strings{"ChargeSignalled"});
    CHECK(saga.wants() == Strings{"look"});
}

TEST_CASE("a key that does not open is none of the buyer's tries", "[saga]") {
    Saga saga("credit_card");
    saga.go_to_the_charge();
    CHECK(
        saga.ends("authorize", outcomes::refused, {}, "payments-credentials") ==
        Strings{"PaymentStopped"}
    );
}

TEST_CASE("a case of the explorer is the same by its seed, and told step by step", "[saga]") {
    const ExploreOptions one{"card", 7, "card/capture/after-effect/unknown-done/doubled"};
    const auto first = explore_checkout(one), second = explore_checkout(one);
    REQUIRE(first.cases == 1);
    CHECK(first.violated.front().violations.empty());
    CHECK(first.violated.front().script == second.violated.front().script);
    CHECK(
        std::ranges::count(first.violated.front().script, "sale: -- killed, and started again") == 1
    );
}
