#pragma once

#include <boost/mp11/algorithm.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "commands/engine/process_answer.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "events/codec.hpp"
#include "events/envelope.hpp"
#include "events/processes.hpp"
#include "events/structs_of.hpp"
#include "events/unreadable_event.hpp"
#include "gateways/effects.hpp"

// What a process is: pure functions over its own stream. The runner does the rest.
namespace vitrine::processes {

/// A fact of another stream that concerns a process.
struct Fact {
    const events::RecordedEvent& event;
};

/// What a process is asked to react to. The general events are not in its state yet.
using Signal = std::variant<Fact, events::ProcessEffectEnded, events::ProcessTimerFired>;

/// The signal does not fit the state, and nothing follows from it.
struct Ignored {
    Phrase reason;
};

/// Events of the process's business that follow from a signal; none: its general event says all.
template <class Event>
using ReactionOf = std::variant<std::vector<Event>, Ignored>;
using Reaction = ReactionOf<events::Encoded>;

/// When it is asked again what became of an effect of which nobody could tell.
inline std::vector<std::chrono::seconds> doubts_of_money() {
    using namespace std::chrono_literals;
    return {5min, 1h, 24h, 24h, 24h, 24h, 24h};
}

/// When an effect is taken up again that has no outcome yet, by the service's clock.
struct Retries {
    /// It was not done: after the first try a pause up to pauses[0] (full jitter), and so on. After
    /// the last of them it has ended as not done.
    std::vector<std::chrono::seconds> pauses = {};
    /// Nobody could tell. It is asked about after each of these, and has ended as unknown after the
    /// last: somebody has to see to it.
    std::vector<std::chrono::seconds> doubts = doubts_of_money();
    bool operator==(const Retries&) const = default;
};

/// Something that is to happen elsewhere. `name` and `key` together are one effect for good: once
/// it has ended it is not carried out again, whatever `wanted` says. Whoever wants it once more
/// gives it another key.
struct WantedEffect {
    std::string name;  // "activate"
    std::string key;   // "1"
    gateways::Effect effect;
    Phrase summary;  // for people: what it does
    Retries retries = {};
};

/// One of a name at a time; with another due time it is set anew. A timer that has fired is not set
/// again for the same time.
struct WantedTimer {
    std::string name;
    Timestamp due;
};

/// What is to be under way in a state. An effect that is wanted no more ends as not done, if it is
/// known that it has not happened; else its outcome comes as a signal all the same.
struct Wanted {
    std::vector<WantedEffect> effects = {};
    std::vector<WantedTimer> timers = {};
    std::string_view state = events::process_state::open;
    Phrase waits_for = {};  // for people; empty: nothing
};

/// The process that a fact concerns.
struct Routed {
    std::string id;
    bool waits = true;  // for a process that is not there yet; else it is none of its business
};

/// A kind of process, as the runner works with it: see process_of. States are untyped here.
struct Kind {
    using State = std::shared_ptr<void>;

    std::string_view name;                     // "offer-schedule"
    std::string_view category;                 // of its streams: "schedule"
    std::string_view entity;                   // what commands that feed it are about: "schedule"
    std::vector<std::string_view> own_events;  // types of its business
    std::vector<std::string_view> facts;       // types of other streams that it listens to
    State (*begin)() = nullptr;
    /// Throws events::UnreadableEvent.
    void (*evolve)(const State& state, const events::RecordedEvent& event) = nullptr;
    Reaction (*react)(const State& state, const Signal& signal) = nullptr;
    Wanted (*wanted)(const State& state) = nullptr;
    std::vector<Routed> (*signals)(const events::RecordedEvent& event) = nullptr;
    /// What a command that has fed it is answered in that state; nullopt: nothing yet. nullptr: no
    /// command feeds it.
    std::optional<commands::ProcessAnswer> (*answer)(
        const State& state, const events::ProcessAsked& asked
    ) = nullptr;

    StreamName stream_of(std::string_view id) const {
        return StreamName(std::string(category) + '-' + std::string(id));
    }
};

namespace detail {

template <class Events>
std::vector<std::string_view> type_names() {
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<
        boost::mp11::mp_transform<std::type_identity, events::structs_of<Events>>>(
        [&]<class Event>(std::type_identity<Event>) { names.push_back(Event::event_type); }
    );
    return names;
}

/// What `wanted` brings about does not change what is wanted.
inline bool is_signal(const events::ProcessEvent& general) {
    return std::holds_alternative<events::ProcessEffectEnded>(general) ||
           std::holds_alternative<events::ProcessEffectPutOff>(general) ||
           std::holds_alternative<events::ProcessAsked>(general) ||
           std::holds_alternative<events::ProcessTimerFired>(general);
}

template <class P>
void evolve(const Kind::State& untyped, const events::RecordedEvent& recorded) {
    auto& state = *static_cast<typename P::State*>(untyped.get());
    try {
        if (auto event = events::decode<typename P::Event>(recorded)) {
            state = P::evolve(std::move(state), *event);
            return;
        }
        if constexpr (requires(const events::ProcessEvent& general) {
                          P::evolve(std::move(state), general);
                      }) {
            const auto general = events::decode<events::ProcessEvent>(recorded);
            if (general && is_signal(*general)) state = P::evolve(std::move(state), *general);
        }
    } catch (const events::UnreadableEvent&) {
        throw;
    } catch (const std::runtime_error& error) {
        throw events::UnreadableEvent(recorded, error.what());
    }
}

template <class P>
Reaction react(const Kind::State& state, const Signal& signal) {
    const ReactionOf<typename P::Event> reaction =
        P::react(*static_cast<const typename P::State*>(state.get()), signal);
    if (const auto* ignored = std::get_if<Ignored>(&reaction)) return *ignored;
    std::vector<events::Encoded> encoded;
    for (const auto& event : std::get<0>(reaction)) encoded.push_back(events::encode(event));
    return encoded;
}

}  // namespace detail

/// What an area writes of a process, as static functions of one struct P; all are pure:
///
///     kind, category                      string_views
///     State, Event                        Event: a variant of events, one of events/aggregates.hpp
///     State evolve(State, const Event&)
///     Wanted wanted(const State&)
///     ReactionOf<Event> react(const State&, const Signal&)
///
/// and, where they are wanted,
///
///     State evolve(State, const events::ProcessEvent&)    those of the runner's general events in
///     its stream that are signals: outcomes, put-offs, timers, commands that have fed it
///     optional<commands::ProcessAnswer> answer(const State&, const events::ProcessAsked&)
///     what such a command is answered, as soon as that is decided: in every state in which the
///     process ends, at the latest
///     entity                              a string_view: what commands that feed it are about,
///                                         where that is another word than the category
///     facts                               a range of types of events of other streams, with
///     vector<Routed> signals(const RecordedEvent&)        whom such an event concerns
///
/// Events that commands append to the process's stream are not reacted to: they evolve the state,
/// and what `wanted` says of it then is compared with what is under way.
template <class P>
Kind process_of() {
    Kind kind;
    kind.name = P::kind;
    kind.category = P::category;
    if constexpr (requires { P::entity; }) {
        kind.entity = P::entity;
    } else {
        kind.entity = P::category;
    }
    kind.own_events = detail::type_names<typename P::Event>();
    if constexpr (requires { P::facts; }) {
        kind.facts.assign(std::begin(P::facts), std::end(P::facts));
        kind.signals = [](const events::RecordedEvent& event) { return P::signals(event); };
    }
    if constexpr (requires(const typename P::State& state, const events::ProcessAsked& asked) {
                      P::answer(state, asked);
                  }) {
        kind.answer = [](const Kind::State& state, const events::ProcessAsked& asked) {
            return P::answer(*static_cast<const typename P::State*>(state.get()), asked);
        };
    }
    kind.begin = [] { return Kind::State(std::make_shared<typename P::State>()); };
    kind.evolve = detail::evolve<P>;
    kind.react = detail::react<P>;
    kind.wanted = [](const Kind::State& state) {
        return P::wanted(*static_cast<const typename P::State*>(state.get()));
    };
    return kind;
}

}  // namespace vitrine::processes
