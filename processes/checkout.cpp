#include "processes/checkout.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/checkouts/refund.hpp"
#include "core/overloaded.hpp"
#include "events/hooks.hpp"
#include "events/webhooks.hpp"
#include "gateways/payments/payments.hpp"
#include "processes/checkout_steps.hpp"

namespace vitrine::processes {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
using State = Checkout::State;
using Charge = commands::CheckoutState::Charge;
using End = commands::CheckoutState::End;
using Events = std::vector<events::CheckoutEvent>;
namespace outcomes = events::effect_outcome;
using saga::persistent;
using saga::Step;

constexpr std::string_view dispute = "dispute";
constexpr Term refund_summary{"Give the money back", "Devolver o dinheiro"};
constexpr Term look_summary{"Ask what became of the charge", "Perguntar sobre a cobrança"};

/// A step is the same effect for good within its round; what a person wants once more is another.
std::string key_of(const State& state, std::string_view step) {
    auto key = std::to_string(state.round);
    if (const auto found = state.retried.find(step); found != state.retried.end())
        key += "-" + std::to_string(found->second);
    return key;
}

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

// ---- What follows from an outcome -------------------------------------------------------------

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

Events expired(const State& state) {
    return {events::CheckoutExpired{state.id}};
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

/// An outcome of a round that is over says nothing about this one.
bool is_of_this_round(const State& state, const events::ProcessEffectEnded& ended) {
    return ended.key == key_of(state, ended.effect) || ended.effect.starts_with("refund-") ||
           ended.effect == "look";
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

Events follows(const State& state, const events::ProcessEffectEnded& ended) {
    const auto& step = ended.effect;
    if (step.starts_with("refund-")) return refund_ended(state, ended);
    if (step == "look") return look_ended(state, ended);
    const bool is_undoing =
        std::ranges::any_of(saga::undoing(), [&](const Step& each) { return is_step(each, step); });
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
    return expired(state);
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
                return follows(state, ended);
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
