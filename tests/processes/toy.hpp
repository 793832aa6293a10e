#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/coupons.hpp"
#include "events/offers.hpp"
#include "processes/process.hpp"

// A process for the tests, in the clothes of a coupon. It begins with CouponCreated and sets two
// timers for one instant; when the first has fired it wants effect "a", and after that "b"; each
// fact (an offer was paused for it) brings an effect "c" of its own. Commands feed it: "ask:d"
// brings an effect "d" of its own, whose outcome is the command's, and "ask:now" is answered at
// once.
namespace vitrine::processes::spec {

struct Toy {
    static constexpr std::string_view kind = "toy";
    static constexpr std::string_view category = "coupon";
    static constexpr std::string_view facts[] = {"OfferPaused"};
    using Event = events::CouponEvent;

    struct State {
        bool created = false;
        bool cancelled = false;
        Timestamp due;
        std::set<std::string> fired = {};
        std::vector<std::string> facts = {};
        std::set<std::string> ended = {};  // "a", "b", "c:<fact>"
        bool blocked = false;
        std::string last_ask = {};
        std::map<std::string, std::string> asks = {};  // by command: what, and then its outcome
    };

    /// Whether this program knows what to answer.
    static inline bool answers = true;

    /// The reason of CouponDisabled says what happened.
    static State evolve(State state, const Event& event) {
        if (const auto* created = std::get_if<events::CouponCreated>(&event)) {
            state.created = true;
            state.due = created->valid_from.value();
            return state;
        }
        const auto reason = std::get<events::CouponDisabled>(event).reason.value();
        if (reason == "cancelled") state.cancelled = true;
        if (reason.starts_with("later:"))
            state.due += std::chrono::seconds(std::stoi(reason.substr(6)));
        if (reason.starts_with("ask:")) state.last_ask = reason.substr(4);
        if (reason.starts_with("fact:")) state.facts.push_back(reason.substr(5));
        return state;
    }

    static State evolve(State state, const events::ProcessEvent& general) {
        if (const auto* fired = std::get_if<events::ProcessTimerFired>(&general))
            state.fired.insert(fired->timer);
        if (const auto* ended = std::get_if<events::ProcessEffectEnded>(&general)) {
            if (ended->effect == "d") {
                state.asks[ended->key] = ended->outcome;
                return state;
            }
            state.ended.insert(ended->effect == "c" ? "c:" + ended->key : ended->effect);
            if (ended->outcome != events::effect_outcome::done) state.blocked = true;
        }
        if (const auto* asked = std::get_if<events::ProcessAsked>(&general))
            state.asks[asked->command_id] = state.last_ask;
        return state;
    }

    static std::optional<commands::ProcessAnswer> answer(
        const State& state, const events::ProcessAsked& asked
    ) {
        const auto& outcome = state.asks.at(asked.command_id);
        if (!answers || outcome == "d") return std::nullopt;
        commands::ProcessAnswer answer;
        if (outcome == "now" || outcome == events::effect_outcome::done) {
            answer.members = JsonText(R"({"status":")" + outcome + R"("})");
        } else {
            answer.members = JsonText(R"({"code":")" + outcome + R"("})");
            answer.refused = gateways::Refusal{
                "clubify-refused", 422, "refused", {"It was declined.", "Foi recusado."}
            };
        }
        return answer;
    }

    static ReactionOf<Event> react(const State& state, const Signal& signal) {
        const auto* fact = std::get_if<Fact>(&signal);
        if (fact == nullptr) return std::vector<Event>();
        if (state.cancelled) return Ignored{{"It is cancelled.", "Foi cancelado."}};
        return std::vector<Event>{
            events::CouponDisabled{events::CouponId("x"), "fact:" + fact->event.id.str()}
        };
    }

    static WantedEffect effect(std::string name, std::string key) {
        return {
            .name = std::move(name),
            .key = std::move(key),
            .effect = {.connector = "toy", .method = "POST", .path = "/act"},
            .summary = {"acts", "age"},
            .retries = {{std::chrono::seconds(60), std::chrono::seconds(600)}}
        };
    }

    static Wanted wanted(const State& state) {
        Wanted wanted;
        if (!state.created) return wanted;
        bool open = false;
        if (!state.cancelled) {
            for (const auto* timer : {"t1", "t2"}) {
                if (state.fired.contains(timer)) continue;
                wanted.timers.push_back({timer, state.due});
                open = true;
            }
            if (state.fired.contains("t1") && !state.ended.contains("b")) {
                wanted.effects.push_back(effect(state.ended.contains("a") ? "b" : "a", "1"));
                open = true;
            }
        }
        for (const auto& fact : state.facts) {
            if (state.ended.contains("c:" + fact)) continue;
            wanted.effects.push_back(effect("c", fact));
            open = true;
        }
        for (const auto& [command, outcome] : state.asks) {
            if (outcome != "d") continue;
            wanted.effects.push_back(effect("d", command));
            open = true;
        }
        wanted.state = !open           ? events::process_state::done
                       : state.blocked ? events::process_state::blocked
                                       : events::process_state::waiting;
        if (open) wanted.waits_for = {"the time", "a hora"};
        return wanted;
    }

    static std::vector<Routed> signals(const events::RecordedEvent& event) {
        const auto offer = events::decode<events::OfferEvent>(event).value();
        return {{std::get<events::OfferPaused>(offer).reason.value()}};
    }
};

}  // namespace vitrine::processes::spec
