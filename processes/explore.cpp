#include "processes/explore.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <span>

#include "core/overloaded.hpp"
#include "events/new_event.hpp"
#include "events/webhooks.hpp"
#include "processes/checkout.hpp"
#include "processes/draft.hpp"
#include "processes/explore_world.hpp"

namespace vitrine::processes {
namespace {

using namespace std::chrono_literals;
using gateways::Outcome;
namespace outcomes = events::effect_outcome;
using Charge = ExploredWorld::Charge;

/// How the buyer goes about it.
struct Story {
    std::string_view name, method, terms;
    enum class Buyer { pays_at_once, pays_late, never_pays } buyer = Buyer::pays_at_once;
};
constexpr Story stories[] = {
    {"card", "card", "credit_card"},
    {"pix", "pix", "pix"},
    {"pix-late", "pix", "pix", Story::Buyer::pays_late},
    {"pix-unpaid", "pix", "pix", Story::Buyer::never_pays},
    {"boleto", "boleto", "boleto"},
    {"boleto-late", "boleto", "boleto", Story::Buyer::pays_late},
};

constexpr std::string_view crash_points[] = {
    "no-crash", "before-intent", "after-intent", "after-effect", "after-record"
};
constexpr std::string_view ways[] = {
    "fine", "transient", "exhausted", "refused", "unknown-done", "unknown-not", "unknown-for-ever"
};
constexpr std::string_view signal_ways[] = {"once", "doubled", "early-and-late"};

struct Trouble {
    std::string step;  // whose effect it happens to, once
    std::string_view crash, way, signals;
};

constexpr std::int64_t total = 2990;

commands::CheckoutQuote quote(Timestamp now) {
    return {
        JsonText(
            R"({"currency":"BRL","lines":[{"sku":"A","quantity":1,"total_cents":2990}],"stages":[],)"
            R"("subtotal_cents":2990,"discount_cents":0,"shipping_cents":0,"total_cents":2990,)"
            R"("installments":[]})"
        ),
        "BRL",
        total,
        now + 15min
    };
}

/// One checkout from its opening to where nothing follows any more.
class Run {
public:
    Run(const Story& story, Trouble trouble, std::uint64_t seed)
        : story_(story), trouble_(std::move(trouble)), random_(seed) {
        folded_ = nothing_of(kind_);
    }

    ExploredCase go() {
        begin();
        constexpr int most_steps = 400;
        int step = 0;
        while (step++ < most_steps && go_on()) {
        }
        if (step >= most_steps) violations_.emplace_back("it does not come to an end");
        judge();
        return {{}, std::move(violations_), std::move(script_)};
    }

private:
    const commands::CheckoutState& state() const {
        return *static_cast<const Checkout::State*>(folded_.state.get());
    }

    void begin() {
        const events::CheckoutId id(process_.id);
        commands::OpenCheckout open;
        open.offer_id = OfferId("offer");
        open.coupon = "VERAO";
        open.pay = commands::PayTerms{std::string(story_.terms), {}, {}, {}};
        if (story_.terms == "credit_card") open.pay->card_token = "tok_approved_1";
        commands::Buyer buyer;
        buyer.told = R"({"email":"m@example.com","name":"Maria"})";
        const auto decided = commands::decide(
            open, id, {ClubifyId("remote-offer"), {}, "active"}, buyer, {now_, quote(now_)}
        );
        for (const auto& event : decided.value()) append(events::encode(event));
        append(events::encode(
            events::ProcessAsked{std::string(Checkout::kind), "OpenCheckout", "command-1"}
        ));
        take(Compare{});
    }

    void append(events::Encoded encoded) {
        const auto event = events::new_event(
            EventId("begin-" + std::to_string(folded_.version)),
            std::move(encoded),
            events::Metadata(),
            now_
        );
        record(event);
    }

    void record(const store::NewEvent& event) {
        events::RecordedEvent recorded;
        recorded.id = event.id;
        recorded.tenant = process_.tenant;
        recorded.stream = kind_.stream_of(process_.id);
        recorded.version = folded_.version + 1;
        recorded.type = event.type;
        recorded.schema = event.schema;
        recorded.data = event.data;
        recorded.metadata = event.metadata;
        recorded.occurred_at = now_;
        log_.push_back(recorded);
        apply(kind_, folded_, recorded);
        script_.push_back(event.type + " " + event.data.substr(0, 160));
        if (event.type == "ProcessAnswered") ++answers_;
        const auto& money = state();
        if (money.kept_cents() < 0 || money.refunded_cents > money.captured_cents)
            violations_.push_back("more goes back than came, after " + event.type);
    }

    void restart() {
        script_.emplace_back("-- killed, and started again");
        folded_ = nothing_of(kind_);
        for (const auto& event : log_) apply(kind_, folded_, event);
        for (auto& [name, carrier] : carried_) carrier.perhaps_sent = true;
    }

    /// One append, killed before it where the case says so.
    void take(const Input& input) {
        auto drafted = draft(kind_, process_, copy(), input, now_);
        const bool intends = std::ranges::any_of(drafted.events, [&](const auto& event) {
            return event.type == "ProcessEffectIntended" &&
                   event.data.find("\"effect\":\"" + trouble_.step + "\"") != std::string::npos;
        });
        if (intends && hits("before-intent")) {
            restart();
            drafted = draft(kind_, process_, copy(), input, now_);
        }
        for (const auto& event : drafted.events) record(event);
        if (intends && hits("after-intent")) restart();
    }

    /// A state of its own, since a draft evolves it in place.
    Folded copy() const {
        auto folded = folded_;
        folded.state = std::make_shared<Checkout::State>(
            *static_cast<const Checkout::State*>(folded_.state.get())
        );
        return folded;
    }

    bool hits(std::string_view point) {
        if (has_crashed_ || trouble_.crash != point) return false;
        has_crashed_ = true;
        return true;
    }

    struct Carrier {
        bool perhaps_sent = false;
        std::int64_t tries = 0, asked = 0;
        Timestamp until;
    };

    /// False: nothing is left that happens by itself.
    bool go_on() {
        std::vector<EffectName> ready;
        std::optional<Timestamp> next;
        const auto soonest = [&next](Timestamp at) { next = next ? std::min(*next, at) : at; };
        for (const auto& [name, intended] : folded_.under_way) {
            auto& carrier = carried_[name];
            if (carrier.until > now_) {
                soonest(carrier.until);
            } else {
                ready.push_back(name);
            }
        }
        if (!ready.empty()) {
            carry(ready[random_() % ready.size()]);
            return true;
        }
        if (buyer_acts()) return true;
        for (const auto& [name, timer] : folded_.timers) soonest(timer.due);
        if (!next) return false;
        now_ = std::max(now_, *next);
        for (const auto& [name, timer] : folded_.timers) {
            if (timer.due > now_) continue;
            take(events::ProcessTimerFired{std::string(Checkout::kind), name, timer.due});
            return true;
        }
        return true;
    }

    bool buyer_acts() {
        if (has_paid_ || story_.buyer == Story::Buyer::never_pays) return false;
        const bool waits = std::ranges::any_of(world_.payments, [](const auto& each) {
            return each.second.charge == Charge::pending || each.second.charge == Charge::expired;
        });
        const bool is_over = state().has_ended_without_order();
        if (!waits || (story_.buyer == Story::Buyer::pays_late && !is_over)) return false;
        has_paid_ = true;
        world_.buyer_pays();
        script_.emplace_back("-- the buyer pays");
        tell("payment.paid");
        return true;
    }

    /// A webhook of the platform, as often and as late as the case says.
    void tell(const std::string& name) {
        const int times = trouble_.signals == "once" ? 1 : 2;
        for (int i = 0; i < times; ++i) {
            auto fact = std::make_shared<events::RecordedEvent>();
            events::ClubifyWebhookReceived received;
            received.delivery_id = "d" + std::to_string(facts_);
            received.event =
                trouble_.signals == "early-and-late" && i == 0 ? "payment.failed" : name;
            const auto encoded = events::encode(received);
            fact->id = EventId("fact-" + std::to_string(facts_++));
            fact->type = encoded.type;
            fact->schema = encoded.schema;
            fact->data = encoded.data;
            take(TakeFact{fact});
            if (trouble_.signals == "doubled") take(TakeFact{fact});
        }
    }

    void carry(const EffectName& name) {
        const auto& intended = folded_.under_way.at(name);
        if (!intended.wanted) {
            violations_.push_back("nobody says what is intended: " + name.first);
            carried_[name].until = now_ + 100000h;
            return;
        }
        const auto wanted = *intended.wanted;
        auto& carrier = carried_[name];
        ++carrier.tries;
        const auto outcome = outcome_of(name, wanted, carrier);
        if (name.first == trouble_.step && hits("after-effect")) return restart();
        end(name, wanted, carrier, outcome);
        if (name.first == trouble_.step && hits("after-record")) restart();
    }

    Outcome outcome_of(const EffectName& name, const WantedEffect& wanted, Carrier& carrier) {
        if (carrier.perhaps_sent) {
            if (const auto found = world_.look(wanted.effect)) return *found;
            carrier.perhaps_sent = false;
        }
        const bool is_it = name.first == trouble_.step && trouble_.way != "fine";
        const gateways::Refusal away{
            "clubify-unavailable", 503, "unavailable", Phrase::as_is("away")
        };
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

    void end(
        const EffectName& name, const WantedEffect& wanted, Carrier& carrier, const Outcome& outcome
    ) {
        events::ProcessEffectEnded ended;
        ended.kind = Checkout::kind;
        ended.effect = name.first;
        ended.key = name.second;
        ended.attempts = carrier.tries;
        const auto say = [&](std::string_view what, const gateways::Refusal& refusal) {
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
                    say(outcomes::refused, refused.refusal);
                    ended.told = refused.told;
                },
                [&](const gateways::NotDone& not_done) {
                    say(outcomes::not_done, not_done.refusal);
                    const auto tried = static_cast<std::size_t>(carrier.tries - carrier.asked);
                    // All of a long schedule has been seen after a few.
                    constexpr std::size_t enough = 6;
                    if (tried <= std::min(wanted.retries.pauses.size(), enough))
                        again = wanted.retries.pauses[tried - 1];
                },
                [&](const gateways::InDoubt& in_doubt) {
                    say(outcomes::unknown, in_doubt.refusal);
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
        carrier.until = now_ + *again;
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

    void judge() {
        const auto& s = state();
        std::int64_t captured = 0, refunded = 0;
        std::size_t charged = 0;
        for (const auto& [key, payment] : world_.payments) {
            captured += payment.captured;
            refunded += payment.refunded;
            charged += payment.captured != 0 ? 1 : 0;
        }
        const auto orders = std::ranges::count_if(world_.remotes, [](const auto& each) {
            return each.second.status == ExploredWorld::Remote::Status::completed;
        });
        const bool has_human = !s.blocked.empty();
        const auto must = [&](bool holds, const char* what) {
            if (!holds) violations_.emplace_back(what);
        };
        must(charged <= 1, "a second charge");
        must(refunded <= captured, "more was given back than was charged");
        must(orders <= 1, "a second order");
        must(orders == 0 || captured - refunded == total || has_human, "an order without money");
        must(
            captured - refunded == 0 || orders == 1 || has_human,
            "money without an order or a refund"
        );
        must(
            s.captured_cents == captured || has_human, "the ledger does not know what was charged"
        );
        must(
            s.refunded_cents == refunded || has_human,
            "the ledger does not know what was given back"
        );
        const bool is_completed = s.end == commands::CheckoutState::End::completed;
        must(is_completed == (orders == 1) || has_human, "the platform's order is not ours");
        must(
            (world_.stock == ExploredWorld::Held::fulfilled) == is_completed || has_human,
            "stock leaks"
        );
        must(
            is_completed || world_.stock == ExploredWorld::Held::no || has_human,
            "stock is held for nothing"
        );
        must(
            (world_.coupon == ExploredWorld::Use::redeemed) == is_completed || has_human,
            "the use of the coupon is wrong"
        );
        must(
            is_completed || world_.coupon == ExploredWorld::Use::no || has_human ||
                s.end == commands::CheckoutState::End::none,
            "the coupon is held for nothing"
        );
        must(
            has_human || is_completed ||
                std::ranges::none_of(
                    world_.remotes,
                    [](const auto& each) {
                        return each.second.status == ExploredWorld::Remote::Status::active;
                    }
                ),
            "the platform's checkout stays open"
        );
        must(
            s.end != commands::CheckoutState::End::none || has_human,
            "it neither ends nor waits for a person"
        );
        must(folded_.under_way.empty(), "something is under way for ever");
        must(folded_.asked.empty() || has_human, "a command was not answered");
        must(answers_ <= 1, "a command was answered twice");
        for (const auto& [step, act] : s.acts) {
            const bool is_undone_step = step == "void" || step == "cancel";
            must(
                !is_undone_step || !world_.payments.empty() || !world_.remotes.empty(),
                "what did not happen was compensated"
            );
        }
    }

    const Kind kind_ = process_of<Checkout>();
    const ProcessName process_{TenantId("acme"), std::string(Checkout::kind), "sale"};
    const Story& story_;
    Trouble trouble_;
    std::mt19937_64 random_;
    Timestamp now_ = parse_time("2026-12-01T12:00:00Z").value();
    Folded folded_;
    std::vector<events::RecordedEvent> log_;
    ExploredWorld world_;
    std::map<EffectName, Carrier> carried_;
    bool has_crashed_ = false, was_troubled_ = false, has_paid_ = false;
    int answers_ = 0, facts_ = 0;
    std::vector<std::string> violations_, script_;
};

}  // namespace

Explored explore_checkout(const ExploreOptions& options) {
    Explored explored;
    std::vector<std::string> steps;
    for (const auto& step : checkout_steps()) steps.emplace_back(step.name);
    steps.emplace_back("look");
    steps.push_back("refund-sale-1");
    for (const auto& story : stories) {
        if (options.method && *options.method != story.method) continue;
        for (const auto& step : steps) {
            for (const auto crash : crash_points) {
                for (const auto way : ways) {
                    for (const auto signals : signal_ways) {
                        std::string name(story.name);
                        for (const auto part : {std::string_view(step), crash, way, signals})
                            (name += '/') += part;
                        if (options.only && *options.only != name) continue;
                        ++explored.cases;
                        auto tried = Run(story, {step, crash, way, signals}, options.seed).go();
                        tried.name = std::move(name);
                        if (!tried.violations.empty() || options.only)
                            explored.violated.push_back(std::move(tried));
                    }
                }
            }
        }
    }
    return explored;
}

}  // namespace vitrine::processes
