#include "processes/checkout.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/overloaded.hpp"
#include "events/hooks.hpp"
#include "events/webhooks.hpp"
#include "gateways/payments/payments.hpp"
#include "processes/checkout_outcomes.hpp"
#include "processes/checkout_steps.hpp"

namespace vitrine::processes {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
using State = Checkout::State;
using Charge = commands::CheckoutState::Charge;
using End = commands::CheckoutState::End;
using saga::Events;
using saga::is_of_this_round;
using saga::key_of;
using saga::persistent;
using saga::Step;

constexpr Term refund_summary{"Give the money back", "Devolver o dinheiro"};
constexpr Term look_summary{"Ask what became of the charge", "Perguntar sobre a cobrança"};

WantedEffect wanted_step(const State& state, const Step& step) {
    return {
        std::string(step.words.name),
        key_of(state, step.words.name),
        step.effect(state),
        step.words.summary,
        step.retries()
    };
}

bool is_step(const Step& step, std::string_view name) {
    return step.words.name == name;
}

bool is_charging(const Step& step) {
    return is_step(step, "authorize") || is_step(step, "issue");
}

/// Whether the step is behind us.
bool is_passed(const State& state, const Step& step) {
    if (!step.applies(state)) return true;
    if (state.charge == Charge::captured && (is_charging(step) || is_step(step, "capture")))
        return true;
    if (is_step(step, "complete")) return state.end == End::completed;
    return state.is_done(step.words.name) ||
           // What cannot be refused and was is for a person; it does not keep the order.
           ((is_step(step, "redeem") || is_step(step, "fulfil")) && state.has_ended(step.words.name)
           );
}

bool has_tried(const State& state, std::string_view step) {
    return state.has_ended(step);
}

/// The next one; nullptr: none, or the buyer has to do something first.
const Step* next_step(const State& state) {
    for (const auto& step : saga::steps()) {
        if (is_passed(state, step)) {
            const bool waits = is_charging(step) && step.applies(state) &&
                               state.charge != Charge::captured &&
                               state.charge != Charge::authorized;
            if (waits) return nullptr;
            continue;
        }
        return &step;
    }
    return nullptr;
}

bool is_blocked(const State& state, std::string_view step) {
    return state.blocked.contains(step);
}

/// The one that is to be undone next. One that failed holds up none.
const Step* next_undoing(const State& state) {
    for (const auto& step : saga::undoing()) {
        if (step.applies(state) && !has_tried(state, step.words.name)) return &step;
    }
    return nullptr;
}

bool is_undone(const State& state) {
    return state.has_ended_without_order();
}

bool goes_forward(const State& state) {
    if (state.end == End::completed) return true;  // the goods are still to be taken out
    return state.end == End::none && (state.in_flight || state.charge == Charge::captured);
}

/// What a provider says has become of a charge, as the platform names it; empty: nothing.
std::string signal_in(const events::RecordedEvent& event) {
    if (const auto received = events::decode<events::ClubifyWebhookReceived>(event))
        return received->event;
    const auto hook = events::decode<events::PaymentHookReceived>(event);
    return hook ? hook->signal : std::string();
}

/// What the provider tells of what we did ourselves.
bool says_nothing_new(const State& state, std::string_view signal) {
    const bool is_ours = state.captured_cents != 0;
    if (state.disputed_cents != 0) return false;
    if (signal == "payment.authorized") return is_ours || state.charge == Charge::authorized;
    if (signal == "payment.paid") return is_ours;
    if (signal == "payment.created" || signal == "payment.action_required") return true;
    if (signal == "payment.cancelled") return state.charge == Charge::voided;
    return signal == "payment.refunded" && !is_ours;
}

ReactionOf<events::CheckoutEvent> timer_fired(
    const State& state, const events::ProcessTimerFired& fired
) {
    if (fired.timer != "expire" || state.end != End::none) return Events{};
    if (state.charge == Charge::pending) return Events{};  // it is looked at once more
    if (state.in_flight || state.captured_cents != 0) return Events{};
    return saga::expired(state);
}

// ---- Timers -----------------------------------------------------------------------------------

/// A charge that is paid later is looked at now and then, whatever webhooks say.
void want_looks(const State& state, Wanted& wanted) {
    const auto& asked = state.payment;
    const auto until = asked.payable_until.value_or(asked.asked_at + 1h);
    const auto pauses = asked.method == "boleto"
                            ? std::vector<std::chrono::seconds>{6h, 24h, 48h, 72h, 96h}
                            : std::vector<std::chrono::seconds>{1min, 5min, 15min, 30min, 1h, 6h};
    std::size_t number = 0;
    for (const auto pause : pauses) {
        const auto due = asked.asked_at + pause;
        if (due < until)
            wanted.timers.push_back(
                {"look-" + asked.charge_id + '-' + std::to_string(++number), due}
            );
    }
    wanted.timers.push_back({"expire", until + 2min});
}

void want_look(const State& state, Wanted& wanted) {
    if (state.signals == state.looked || state.payment_id.empty()) return;
    WantedEffect look;
    look.name = "look";
    look.key = std::to_string(state.signals);
    if (const auto retried = state.retried.find("look"); retried != state.retried.end())
        look.key += "-" + std::to_string(retried->second);
    look.effect = payments::look(state.payment.provider, state.payment_id);
    look.summary = look_summary;
    look.retries = persistent();
    wanted.effects.push_back(std::move(look));
}

/// One after the other: of some providers only the sum of what went back tells which are made.
void want_refunds(const State& state, Wanted& wanted) {
    for (const auto& refund : state.refunds) {
        const auto step = "refund-" + refund.id;
        if (refund.done || is_blocked(state, step)) continue;
        WantedEffect effect;
        effect.name = step;
        const auto retried = state.retried.find(step);
        effect.key = std::to_string(retried == state.retried.end() ? 1 : 1 + retried->second);
        effect.effect = payments::refund(
            state.payment.provider,
            {refund.id, state.retried.contains(step)},
            state.payment_id,
            {refund.amount_cents, state.refunded_cents, "refund"}
        );
        effect.summary = refund_summary;
        effect.retries = persistent();
        wanted.effects.push_back(std::move(effect));
        return;
    }
}

void say_state(const State& state, Wanted& wanted) {
    if (!state.blocked.empty()) {
        std::string names;
        for (const auto& [step, why] : state.blocked) names += (names.empty() ? "" : ", ") + step;
        wanted.state = events::process_state::blocked;
        wanted.waits_for = phrase(
            "somebody's decision on: {}", "a decisão de alguém sobre: {}", std::string_view(names)
        );
        return;
    }
    if (!wanted.effects.empty()) return;
    if (state.end != End::none) {
        wanted.state = events::process_state::done;
        return;
    }
    wanted.state = events::process_state::waiting;
    wanted.waits_for = state.charge == Charge::pending
                           ? Phrase("the buyer's payment", "o pagamento do comprador")
                           : Phrase("the buyer", "o comprador");
}

}  // namespace

State Checkout::evolve(State state, const Event& event) {
    return {commands::evolve(std::move(state), event)};
}

State Checkout::evolve(State state, const events::ProcessEvent& event) {
    const auto* ended = std::get_if<events::ProcessEffectEnded>(&event);
    if (ended != nullptr && !is_of_this_round(state, *ended)) return state;
    return {commands::evolve(std::move(state), event)};
}

ReactionOf<events::CheckoutEvent> Checkout::react(const State& state, const Signal& signal) {
    return std::visit(
        overloaded{
            [&](const Fact& fact) -> ReactionOf<Event> {
                auto signal = signal_in(fact.event);
                if (signal.empty() || state.payment_id.empty())
                    return Ignored{{"there is no charge yet", "ainda não há cobrança"}};
                if (says_nothing_new(state, signal))
                    return Ignored{{"it is known already", "já se sabe"}};
                return Events{events::ChargeSignalled{state.id, std::move(signal)}};
            },
            [&](const events::ProcessEffectEnded& ended) -> ReactionOf<Event> {
                if (!is_of_this_round(state, ended)) return Events{};
                return saga::follows(state, ended);
            },
            [&](const events::ProcessTimerFired& fired) { return timer_fired(state, fired); },
        },
        signal
    );
}

Wanted Checkout::wanted(const State& state) {
    Wanted wanted;
    if (is_undone(state)) {
        if (const auto* step = next_undoing(state))
            wanted.effects.push_back(wanted_step(state, *step));
    } else if (goes_forward(state)) {
        const auto* step = next_step(state);
        if (step != nullptr && !state.has_ended(step->words.name) &&
            !is_blocked(state, step->words.name))
            wanted.effects.push_back(wanted_step(state, *step));
    } else if (state.charge == Charge::pending) {
        want_looks(state, wanted);
    } else {
        wanted.timers.push_back({"expire", state.expires_at});
    }
    want_refunds(state, wanted);
    want_look(state, wanted);
    say_state(state, wanted);
    return wanted;
}

std::optional<commands::ProcessAnswer> Checkout::answer(
    const State& state, const events::ProcessAsked& asked
) {
    commands::ProcessAnswer answer;
    const bool opens = asked.command == "OpenCheckout";
    auto members = Json::parse(commands::answer_of(state).text);
    if (opens) members["quote"] = Json::parse(state.quote.text);
    answer.status = opens ? 201 : 200;
    answer.location = "/v1/checkouts/" + state.id.str();
    const auto* complete = state.act("complete");
    const bool is_paid_only = state.end == End::none && state.charge == Charge::captured &&
                              complete != nullptr &&
                              (complete->is_late || is_blocked(state, "complete"));
    const bool is_settled = state.end == End::completed || is_paid_only ||
                            (state.end == End::none && state.charge == Charge::pending);
    if (is_settled) {
        answer.members = JsonText(members.dump());
        return answer;
    }
    const auto refuse = [&](gateways::Refusal refusal, Json more) {
        more["checkout_id"] = state.id.str();
        answer.refused = std::move(refusal);
        answer.members = JsonText(more.dump());
        return answer;
    };
    if (state.charge == Charge::declined && (state.end == End::none || state.end == End::failed))
        return refuse(
            {"payment-declined",
             402,
             "refused",
             phrase(
                 "The payment was declined: {}.",
                 "O pagamento foi recusado: {}.",
                 std::string_view(state.decline_code)
             )},
            {{"code", state.decline_code}, {"retryable", state.may_retry && state.end == End::none}}
        );
    if (!state.stopped.problem.empty() && !state.in_flight)
        return refuse(state.stopped, Json::object());
    if (state.end == End::expired || state.end == End::cancelled)
        return refuse(
            {"checkout-expired", 410, "refused", {"The checkout has ended.", "O checkout terminou."}
            },
            Json::object()
        );
    return std::nullopt;
}

std::vector<Routed> Checkout::signals(const events::RecordedEvent& event) {
    if (const auto hook = events::decode<events::PaymentHookReceived>(event))
        return {{.id = hook->checkout_id.str(), .waits = false}};
    const auto received = events::decode<events::ClubifyWebhookReceived>(event);
    if (!received || !received->event.starts_with("payment.")) return {};
    const auto json = Json::parse(received->raw.text(), nullptr, false);
    const Json::json_pointer saga("/data/metadata/saga_id");
    if (!json.is_object() || !json.contains(saga) || !json.at(saga).is_string()) return {};
    return {{.id = json.at(saga).get<std::string>(), .waits = false}};
}

std::vector<CheckoutStep> checkout_steps() {
    std::vector<CheckoutStep> all;
    for (const auto& step : saga::steps()) all.push_back(step.words);
    for (const auto& step : saga::undoing()) all.push_back(step.words);
    return all;
}

}  // namespace vitrine::processes
