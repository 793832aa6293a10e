#include "processes/checkout_outcomes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/checkouts/refund.hpp"
#include "processes/checkout_steps.hpp"

namespace vitrine::processes::saga {

Events expired(const State& state) {
    return {events::CheckoutExpired{state.id}};
}

namespace {

using Json = nlohmann::ordered_json;
using Charge = commands::CheckoutState::Charge;
using End = commands::CheckoutState::End;
namespace outcomes = events::effect_outcome;

constexpr std::string_view dispute = "dispute";

bool is_blocked(const State& state, std::string_view step) {
    return state.blocked.contains(step);
}

Json told_in(const events::ProcessEffectEnded& ended) {
    return ended.told.empty() ? Json::object() : Json::parse(ended.told.text);
}

JsonText part_of(const Json& told, const char* name) {
    const auto found = told.find(name);
    return found == told.end() ? JsonText() : JsonText(found->dump());
}

Phrase words_of(const events::ProcessEffectEnded& ended) {
    if (ended.detail.empty()) return Phrase::as_is(ended.problem);
    return {ended.detail, ended.detail_pt.empty() ? ended.detail : ended.detail_pt};
}

events::CheckoutFailed failed(
    const State& state, std::string problem, std::int64_t status, const Phrase& why
) {
    return {state.id, std::move(problem), status, why.english(), why.in(Language::portuguese)};
}

events::PaymentStopped stopped(
    const State& state, std::string problem, std::int64_t status, const Phrase& why
) {
    return {
        state.id,
        state.attempt,
        std::move(problem),
        status,
        why.english(),
        why.in(Language::portuguese)
    };
}

events::StepBlocked blocked(
    const State& state, const events::ProcessEffectEnded& ended, std::int64_t amount
) {
    return {state.id, ended.effect, ended.problem.empty() ? ended.outcome : ended.problem, amount};
}

/// It ends without an order; what was charged goes back.
Events given_up(const State& state, events::CheckoutFailed why) {
    Events events{std::move(why)};
    if (const auto left = state.kept_cents(); left > 0)
        events.emplace_back(events::RefundAsked{
            state.id,
            state.id.str() + "-" + std::to_string(state.round),
            left,
            "checkout-failed",
            commands::refund_over_lines(state, left)
        });
    return events;
}

events::ChargeCaptured captured(const State& state, std::string payment_id) {
    return {
        state.id,
        state.payment.charge_id,
        std::move(payment_id),
        state.payment.amount_cents,
        state.currency
    };
}

/// The money has come. After the end it wins: what was undone is done again.
Events settled(const State& state, std::string payment_id) {
    if (state.captured_cents != 0) return {};
    Events events{captured(state, std::move(payment_id))};
    if (state.has_ended_without_order()) events.emplace_back(events::CheckoutRevived{state.id});
    return events;
}

/// The bank takes the money back until it has decided: a person sees to it.
Events disputed(const State& state) {
    const auto amount = state.kept_cents();
    return {
        events::ChargeDisputed{state.id, state.payment.charge_id, amount},
        events::StepBlocked{state.id, std::string(dispute), "charge-disputed", amount}
    };
}

Events dispute_ended(const State& state, bool won) {
    Events events;
    if (const auto blocked = state.blocked.find(dispute); blocked != state.blocked.end())
        events.emplace_back(events::StepResolved{
            state.id, std::string(dispute), won ? "won" : "lost", "", blocked->second.amount_cents
        });
    events.emplace_back(commands::dispute_ended(state, won));
    return events;
}

/// What went back there: what was asked for is done, one after the other, and what nobody here
/// asked for is noted.
Events given_back(const State& state, const std::string& id, const Json& told) {
    const auto gone = told.value("refunded_cents", std::int64_t{0});
    auto known = state.refunded_cents;
    Events events;
    for (const auto& refund : state.refunds) {
        if (refund.done) continue;
        if (known + refund.amount_cents > gone) return events;
        known += refund.amount_cents;
        const auto step = "refund-" + refund.id;
        if (const auto blocked = state.blocked.find(step); blocked != state.blocked.end())
            events.emplace_back(events::StepResolved{
                state.id, step, "found", "The provider says so.", blocked->second.amount_cents
            });
        events.emplace_back(commands::refund_done(state, refund));
    }
    const auto amount = gone - known;
    if (amount <= 0) return events;
    commands::CheckoutRefund made_there;
    made_there.id = id + '-' + std::to_string(gone);
    made_there.amount_cents = amount;
    made_there.lines = commands::refund_over_lines(state, amount);
    events.emplace_back(events::RefundAsked{
        state.id, made_there.id, amount, "made at the provider", made_there.lines
    });
    events.emplace_back(commands::refund_done(state, made_there));
    return events;
}

/// A charge as the provider says it is.
Events told_of_charge(const State& state, const std::string& id, const Json& told) {
    const auto status = told.value("status", "");
    const bool has_ended = state.end != End::none;
    if (state.disputed_cents != 0 && (status == "captured" || status == "refunded"))
        return dispute_ended(state, status == "captured");
    if (state.captured_cents != 0 && status != "disputed") return given_back(state, id, told);
    if (status == "captured") return settled(state, id);
    if (status == "disputed" && state.disputed_cents == 0 && state.kept_cents() > 0)
        return disputed(state);
    if (has_ended || state.captured_cents != 0) return {};
    if (status == "authorized" && state.charge != Charge::authorized)
        return {events::ChargeAuthorized{
            state.id, state.payment.charge_id, id, state.payment.amount_cents, state.currency
        }};
    if (status == "expired" || status == "voided" || status == "refunded") return expired(state);
    if (status == "pending" || status == "requires_action") {
        if (state.charge == Charge::asked)
            return {events::ChargePending{
                state.id,
                state.payment.charge_id,
                id,
                part_of(told, "pix"),
                part_of(told, "boleto"),
                part_of(told, "action")
            }};
        if (state.last_look) return expired(state);
    }
    if (status == "declined" && state.charge != Charge::declined)
        return {events::ChargeDeclined{state.id, state.payment.charge_id, "declined", false}};
    return {};
}

/// A definite no to the charge: the buyer may try again, so many times.
Events declined(const State& state, const events::ProcessEffectEnded& ended) {
    const auto told = told_in(ended);
    const auto is_decline = ended.problem == "payment-declined";
    events::ChargeDeclined declined{
        state.id,
        state.payment.charge_id,
        told.value("code", is_decline ? "declined" : ended.problem),
        told.value("retryable", false)
    };
    Events events{declined};
    if (state.attempt >= commands::most_attempts)
        events.emplace_back(failed(
            state,
            "payment-declined",
            402,
            {"The payment was declined as often as it may be tried.",
             "O pagamento foi recusado tantas vezes quantas pode ser tentado."}
        ));
    return events;
}

bool is_done(const events::ProcessEffectEnded& ended) {
    return ended.outcome == outcomes::done;
}

/// The problem that a step's failure is told as.
std::string problem_for(const events::ProcessEffectEnded& ended) {
    if (ended.problem == "out-of-stock") return ended.problem;
    return "checkout-failed";
}

Events fails(const State& state, const events::ProcessEffectEnded& ended) {
    auto problem = problem_for(ended);
    return given_up(state, failed(state, std::move(problem), 409, words_of(ended)));
}

Events charging_ended(const State& state, const events::ProcessEffectEnded& ended) {
    if (is_done(ended)) {
        auto events = told_of_charge(state, ended.created, told_in(ended));
        if (events.empty() && state.charge == Charge::asked)
            events.emplace_back(blocked(state, ended, state.payment.amount_cents));
        return events;
    }
    if (ended.outcome == outcomes::unknown)
        return {blocked(state, ended, state.payment.amount_cents)};
    if (ended.outcome == outcomes::not_done)
        return {stopped(state, "payments-unavailable", 503, words_of(ended))};
    // It is the shop's fault, and none of the buyer's tries.
    if (ended.problem == "payments-credentials")
        return {stopped(state, "payments-unavailable", 503, words_of(ended))};
    return declined(state, ended);
}

Events capture_ended(const State& state, const events::ProcessEffectEnded& ended) {
    if (is_done(ended)) return settled(state, state.payment_id);
    if (ended.outcome == outcomes::refused) {
        return given_up(
            state,
            failed(
                state,
                "payment-declined",
                402,
                {"The charge was refused after all.", "A cobrança acabou recusada."}
            )
        );
    }
    return {blocked(state, ended, state.payment.amount_cents)};
}

Events complete_ended(const State& state, const events::ProcessEffectEnded& ended) {
    if (!is_done(ended)) return {blocked(state, ended, state.kept_cents())};
    events::CheckoutCompleted completed;
    completed.checkout_id = state.id;
    completed.clubify_order_id = ClubifyId(ended.created);
    completed.offer_id = state.offer_id;
    completed.customer_id = state.buyer.customer_id;
    completed.currency = state.currency;
    completed.payment_method = state.payment.method;
    completed.total_cents = state.payment.amount_cents;
    completed.quote = state.quote;
    completed.utm = state.utm;
    completed.clubify_offer_id = state.clubify_offer_id;
    completed.clubify_customer_id = state.buyer.clubify_customer_id;
    return {completed};
}

Events refund_ended(const State& state, const events::ProcessEffectEnded& ended) {
    const auto id = ended.effect.substr(std::string_view("refund-").size());
    const auto refund = std::ranges::find(state.refunds, id, &commands::CheckoutRefund::id);
    if (refund == state.refunds.end() || refund->done) return {};
    if (!is_done(ended)) return {blocked(state, ended, refund->amount_cents)};
    return {commands::refund_done(state, *refund)};
}

Events look_ended(const State& state, const events::ProcessEffectEnded& ended) {
    if (is_done(ended)) return told_of_charge(state, ended.created, told_in(ended));
    if (state.last_look && state.end == End::none && state.charge == Charge::pending)
        return expired(state);
    if (is_blocked(state, "look")) return {};
    // The money may have come, and nobody says so.
    const auto* let_go = state.act("void");
    if (state.captured_cents == 0 && let_go != nullptr && !let_go->is_done())
        return {blocked(state, ended, state.payment.amount_cents)};
    // Or it was taken back.
    if (state.kept_cents() > 0) return {blocked(state, ended, state.kept_cents())};
    return {};
}

/// A step that has come to an end after the checkout has.
Events ended_too_late(const State& state, const events::ProcessEffectEnded& ended) {
    const auto& step = ended.effect;
    if (!is_done(ended)) return {};
    if (step == "authorize" || step == "issue") {
        const auto told = told_in(ended);
        if (told.value("status", "") == "captured") return settled(state, ended.created);
        return {events::ChargePending{state.id, state.payment.charge_id, ended.created, {}, {}, {}}
        };
    }
    if (step == "capture") return settled(state, state.payment_id);
    return {};
}

}  // namespace

bool is_of_this_round(const State& state, const events::ProcessEffectEnded& ended) {
    return ended.key == key_of(state, ended.effect) || ended.effect.starts_with("refund-") ||
           ended.effect == "look";
}

Events follows(const State& state, const events::ProcessEffectEnded& ended) {
    const auto& step = ended.effect;
    if (step.starts_with("refund-")) return refund_ended(state, ended);
    if (step == "look") return look_ended(state, ended);
    const bool is_undoing =
        std::ranges::any_of(undoing(), [&](const Step& each) { return each.words.name == step; });
    if (is_undoing) {
        if (is_done(ended) || ended.problem == "not-found")
            return step == "void" ? Events{events::ChargeVoided{state.id, state.payment.charge_id}}
                                  : Events{};
        // Money that cannot be let go of may have come: it is looked at.
        if (step == "void" && ended.outcome == outcomes::refused)
            return {events::ChargeSignalled{state.id, "void-refused"}};
        return {blocked(state, ended, step == "void" ? state.payment.amount_cents : 0)};
    }
    if (state.has_ended_without_order()) return ended_too_late(state, ended);
    if (step == "authorize" || step == "issue") return charging_ended(state, ended);
    if (step == "capture") return capture_ended(state, ended);
    if (step == "complete") return complete_ended(state, ended);
    if (is_done(ended)) return {};
    if (step == "redeem" || step == "fulfil") return {blocked(state, ended, 0)};
    // The money is there or is about to be, so the buyer is not asked again.
    if (step == "coupon" && ended.outcome == outcomes::refused && state.captured_cents == 0)
        return {stopped(state, "price-changed", 409, words_of(ended))};
    auto events = fails(state, ended);
    // Of what may stand there nobody knows the id.
    if (step == "checkout" && ended.outcome == outcomes::unknown)
        events.emplace_back(blocked(state, ended, 0));
    return events;
}

}  // namespace vitrine::processes::saga
