#include "processes/explored_saga.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/overloaded.hpp"
#include "events/new_event.hpp"
#include "events/webhooks.hpp"

namespace vitrine::processes {
namespace {

using namespace std::chrono_literals;
using gateways::Outcome;
namespace outcomes = events::effect_outcome;

commands::CheckoutQuote quote(Timestamp now) {
    return {
        JsonText(
            R"({"currency":"BRL","lines":[{"sku":"A","quantity":1,"total_cents":2990}],"stages":[],)"
            R"("subtotal_cents":2990,"discount_cents":0,"shipping_cents":0,"total_cents":2990,)"
            R"("installments":[]})"
        ),
        "BRL",
        explored_total,
        now + 15min
    };
}

bool is_refund(std::string_view step) {
    return step.starts_with("refund-");
}

}  // namespace

ExploredSaga::ExploredSaga(
    ExploredWorld& world,
    ExploredCase& told,
    std::string id,
    const ExploredStory& story,
    ExploredTrouble trouble,
    std::uint64_t seed
)
    : world_(world),
      told_(told),
      process_{TenantId("acme"), std::string(Checkout::kind), std::move(id)},
      story_(story),
      trouble_(std::move(trouble)),
      random_(seed),
      folded_(nothing_of(kind_)) {
    begin();
}

void ExploredSaga::begin() {
    commands::OpenCheckout open;
    open.offer_id = OfferId("offer");
    open.coupon = "VERAO";
    open.pay = commands::PayTerms{std::string(story_.terms), {}, {}, {}};
    if (story_.terms == "credit_card") open.pay->card_token = story_.card;
    commands::Buyer buyer;
    buyer.told = R"({"email":"m@example.com","name":"Maria"})";
    const auto decided = commands::decide(
        open,
        events::CheckoutId(id()),
        {ClubifyId("remote-offer"), {}, "active"},
        buyer,
        {world_.now, quote(world_.now)}
    );
    feed(decided.value(), "OpenCheckout");
}

void ExploredSaga::feed(const commands::CheckoutEvents& events, const std::string& command) {
    if (events.empty()) return;  // it is so already
    for (const auto& event : events) append(events::encode(event));
    append(events::encode(events::ProcessAsked{
        std::string(Checkout::kind), command, "command-" + std::to_string(++commands_)
    }));
    take(Compare{});
}

void ExploredSaga::append(events::Encoded encoded) {
    record(events::new_event(
        EventId(id() + "-command-" + std::to_string(folded_.version)),
        std::move(encoded),
        events::Metadata(),
        world_.now
    ));
}

void ExploredSaga::say(const std::string& what) {
    told_.script.push_back(id() + ": " + what);
}

void ExploredSaga::record(const store::NewEvent& event) {
    events::RecordedEvent recorded;
    recorded.id = event.id;
    recorded.tenant = process_.tenant;
    recorded.stream = kind_.stream_of(process_.id);
    recorded.version = folded_.version + 1;
    recorded.type = event.type;
    recorded.schema = event.schema;
    recorded.data = event.data;
    recorded.metadata = event.metadata;
    recorded.occurred_at = world_.now;
    log_.push_back(recorded);
    told_.log.push_back(recorded);
    apply(kind_, folded_, recorded);
    constexpr std::size_t shown = 160;
    say(event.type + " " + event.data.substr(0, shown));
    if (event.type == "ProcessAnswered")
        ++answers_[nlohmann::json::parse(event.data).at("command_id").get<std::string>()];
    const auto& money = state();
    if (money.kept_cents() < 0 || money.refunded_cents > money.captured_cents)
        told_.violations.push_back(id() + ": more goes back than came, after " + event.type);
}

bool ExploredSaga::has_answered_twice() const {
    return std::ranges::any_of(answers_, [](const auto& each) { return each.second > 1; });
}

void ExploredSaga::restart() {
    say("-- killed, and started again");
    folded_ = nothing_of(kind_);
    for (const auto& event : log_) apply(kind_, folded_, event);
    for (auto& [name, carrier] : carried_) carrier.perhaps_sent = true;
}

/// One append, killed before it where the case says so.
void ExploredSaga::take(const Input& input) {
    auto drafted = draft(kind_, process_, copy(), input, world_.now);
    const auto effect = "\"effect\":\"" + trouble_.step;
    const bool intends = std::ranges::any_of(drafted.events, [&](const auto& event) {
        if (event.type != "ProcessEffectIntended") return false;
        const auto at = event.data.find(effect);
        return at != std::string::npos &&
               (event.data[at + effect.size()] == '"' || event.data[at + effect.size()] == '-');
    });
    if (intends && hits("before-intent")) {
        restart();
        drafted = draft(kind_, process_, copy(), input, world_.now);
    }
    for (const auto& event : drafted.events) record(event);
    if (intends && hits("after-intent")) restart();
}

/// A state of its own, since a draft evolves it in place.
Folded ExploredSaga::copy() const {
    auto folded = folded_;
    folded.state =
        std::make_shared<Checkout::State>(*static_cast<const Checkout::State*>(folded_.state.get())
        );
    return folded;
}

bool ExploredSaga::hits(std::string_view point) {
    if (has_crashed_ || trouble_.crash != point) return false;
    has_crashed_ = true;
    return true;
}

bool ExploredSaga::is_troubled(std::string_view effect) const {
    return effect == trouble_.step || effect.starts_with(trouble_.step + "-");
}

std::optional<Timestamp> ExploredSaga::next() const {
    std::optional<Timestamp> next;
    const auto soonest = [&next](Timestamp at) { next = next ? std::min(*next, at) : at; };
    for (const auto& [name, intended] : folded_.under_way) {
        const auto carrier = carried_.find(name);
        if (carrier != carried_.end()) soonest(carrier->second.until);
    }
    for (const auto& [name, timer] : folded_.timers) soonest(timer.due);
    return next;
}

bool ExploredSaga::go_on() {
    std::vector<EffectName> ready;
    for (const auto& [name, intended] : folded_.under_way) {
        if (carried_[name].until <= world_.now) ready.push_back(name);
    }
    if (!ready.empty()) {
        carry(ready[random_() % ready.size()]);
        return true;
    }
    if (buyer_acts()) return true;
    for (const auto& [name, timer] : folded_.timers) {
        if (timer.due > world_.now) continue;
        take(events::ProcessTimerFired{std::string(Checkout::kind), name, timer.due});
        return true;
    }
    return false;
}

bool ExploredSaga::buyer_acts() {
    using Buyer = ExploredStory::Buyer;
    if (has_paid_ || story_.buyer == Buyer::never_pays || !world_.can_be_paid(id())) return false;
    if (story_.buyer == Buyer::pays_late && !state().has_ended_without_order()) return false;
    has_paid_ = true;
    world_.buyer_pays(id());
    say("-- the buyer pays");
    tell("payment.paid");
    return true;
}

/// A webhook of the platform, as often and as late as the case says.
void ExploredSaga::tell(const std::string& name) {
    const int times = trouble_.signals == "once" ? 1 : 2;
    for (int i = 0; i < times; ++i) {
        auto fact = std::make_shared<events::RecordedEvent>();
        events::ClubifyWebhookReceived received;
        received.delivery_id = "d" + std::to_string(facts_);
        received.event = trouble_.signals == "early-and-late" && i == 0 ? "payment.failed" : name;
        const auto encoded = events::encode(received);
        fact->id = EventId(id() + "-fact-" + std::to_string(facts_++));
        fact->type = encoded.type;
        fact->schema = encoded.schema;
        fact->data = encoded.data;
        take(TakeFact{fact});
        if (trouble_.signals == "doubled") take(TakeFact{fact});
    }
}

void ExploredSaga::pay_again(const commands::PayTerms& terms) {
    const auto decided =
        commands::decide(commands::PayCheckout{terms}, state(), {world_.now, quote(world_.now)});
    if (decided) feed(*decided, "PayCheckout");
}

void ExploredSaga::cancel() {
    const auto decided = commands::decide(commands::CancelCheckout{"desistiu"}, state());
    if (decided) feed(*decided, "CancelCheckout");
}

void ExploredSaga::give_back(std::int64_t cents) {
    if (world_.is_disputed(id())) return;  // the provider would refuse it
    const auto refund = id() + "-asked-" + std::to_string(commands_ + 1);
    const auto decided =
        commands::decide(commands::RefundCheckout{cents, "defeito"}, state(), refund);
    if (decided) feed(*decided, "RefundCheckout");
}

void ExploredSaga::dispute() {
    // What is on its way back is the provider's to sort out with the bank.
    if (state().end != commands::CheckoutState::End::completed || state().refunding_cents() != 0)
        return;
    if (!world_.bank_takes_back(id())) return;
    say("-- the bank takes it back");
    tell("payment.failed");
}

bool ExploredSaga::decide() {
    is_healed_ = true;
    const auto blocked = state().blocked;
    for (const auto& [step, what] : blocked) {
        if (state().blocked.contains(step)) decide_on(step, what);
    }
    return !blocked.empty();
}

/// The bank decides, and whoever sees to it says so, or the provider does.
void ExploredSaga::end_dispute() {
    const bool won = random_() % 2 == 0, is_told = won || random_() % 2 == 0;
    say(won ? "-- the dispute is won" : "-- the dispute is lost");
    world_.bank_decides(id(), won);
    if (is_told) return tell(won ? "payment.paid" : "payment.refunded");
    const auto decided =
        commands::decide(commands::ResolveStep{"dispute", "done", "perdida"}, state());
    feed(decided.value(), "ResolveStep");
}

void ExploredSaga::decide_on(const std::string& step, const commands::BlockedStep& blocked) {
    if (step == "dispute") return end_dispute();
    commands::ResolveStep decision{step, "retry", "a pessoa viu"};
    const bool is_boleto = state().payment.method == "boleto";
    if (is_refund(step) && (is_boleto || blocked.problem == "clubify-refused")) {
        decision.action = random_() % 4 == 0 ? "accept_loss" : "done";
        (decision.action == "done" ? world_.given_back_by_hand[id()] : accepted_cents_) +=
            blocked.amount_cents;
    } else if (step == "checkout") {
        decision.action = "done";
        world_.close(id());
    }
    const auto decided = commands::decide(decision, state());
    if (!decided) {
        told_.violations.push_back(id() + ": nobody can decide on " + step);
        return;
    }
    say("-- a person decides: " + decision.action + " " + step);
    feed(*decided, "ResolveStep");
}

void ExploredSaga::carry(const EffectName& name) {
    const auto& intended = folded_.under_way.at(name);
    if (!intended.wanted) {
        told_.violations.push_back(id() + ": nobody says what is intended: " + name.first);
        carried_[name].until = world_.now + 100000h;
        return;
    }
    const auto wanted = *intended.wanted;
    auto& carrier = carried_[name];
    ++carrier.tries;
    const auto outcome = outcome_of(name, wanted, carrier);
    if (is_troubled(name.first) && hits("after-effect")) return restart();
    end(name, wanted, carrier, outcome);
    if (is_troubled(name.first) && hits("after-record")) restart();
}

Outcome ExploredSaga::outcome_of(
    const EffectName& name, const WantedEffect& wanted, Carrier& carrier
) {
    if (carrier.perhaps_sent) {
        if (const auto found = world_.look(wanted.effect)) return *found;
        carrier.perhaps_sent = false;
    }
    const bool is_it = is_troubled(name.first) && trouble_.way != "fine" && !is_healed_;
    const gateways::Refusal away{"clubify-unavailable", 503, "unavailable", Phrase::as_is("away")};
    if (is_it && trouble_.way == "exhausted") return gateways::NotDone{away, {}};
    if (is_it && trouble_.way == "unknown-for-ever") {
        if (carrier.tries == 1) world_.act(wanted.effect);
        return gateways::InDoubt{away};
    }
    if (!is_it || was_troubled_) return world_.act(wanted.effect);
    was_troubled_ = true;
    if (trouble_.way == "transient") return gateways::NotDone{away, {}};
    if (trouble_.way == "refused") return ExploredWorld::refuse(wanted.effect);
    if (trouble_.way == "unknown-done") world_.act(wanted.effect);
    carrier.perhaps_sent = true;
    return gateways::InDoubt{away};
}

void ExploredSaga::end(
    const EffectName& name, const WantedEffect& wanted, Carrier& carrier, const Outcome& outcome
) {
    events::ProcessEffectEnded ended;
    ended.kind = Checkout::kind;
    ended.effect = name.first;
    ended.key = name.second;
    ended.attempts = carrier.tries;
    const auto note = [&](std::string_view what, const gateways::Refusal& refusal) {
        ended.outcome = what;
        ended.problem = refusal.problem;
        ended.detail = refusal.detail.english();
        ended.detail_pt = refusal.detail.in(Language::portuguese);
    };
    std::optional<std::chrono::seconds> again;
    bool is_unknown = false;
    std::visit(
        overloaded{
            [&](const gateways::Done& done) {
                ended.outcome = outcomes::done;
                ended.created = done.id;
                ended.told = done.told;
            },
            [&](const gateways::Refused& refused) {
                note(outcomes::refused, refused.refusal);
                ended.told = refused.told;
            },
            [&](const gateways::NotDone& not_done) {
                note(outcomes::not_done, not_done.refusal);
                const auto tried = static_cast<std::size_t>(carrier.tries - carrier.asked);
                // All of a long schedule has been seen after a few.
                constexpr std::size_t enough = 6;
                if (tried <= std::min(wanted.retries.pauses.size(), enough))
                    again = wanted.retries.pauses[tried - 1];
            },
            [&](const gateways::InDoubt& in_doubt) {
                note(outcomes::unknown, in_doubt.refusal);
                is_unknown = true;
                const auto asked = static_cast<std::size_t>(carrier.asked++);
                if (asked < wanted.retries.doubts.size()) again = wanted.retries.doubts[asked];
            }
        },
        outcome
    );
    if (!again) {
        carried_.erase(name);
        take(ended);
        return;
    }
    carrier.until = world_.now + *again;
    events::ProcessEffectPutOff put_off;
    put_off.kind = ended.kind;
    put_off.effect = ended.effect;
    put_off.key = ended.key;
    put_off.attempts = carrier.tries;
    put_off.asked = carrier.asked;
    put_off.until = carrier.until;
    put_off.unknown = is_unknown;
    put_off.problem = ended.problem;
    put_off.detail = ended.detail;
    put_off.detail_pt = ended.detail_pt;
    take(put_off);
}

}  // namespace vitrine::processes
