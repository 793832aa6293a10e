#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/json_text.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"

// What the runner of processes notes of every process, whatever it is about. The names of these
// types and of their members are the format of the log: add members; never rename one, never reuse
// a name. They stand in the process's own stream, between the events of its business; its id is the
// stream's. Texts for people have a second member in Portuguese.
namespace vitrine::events {

/// The runner has taken it up.
struct ProcessOpened {
    static constexpr std::string_view event_type = "ProcessOpened";
    std::string kind;  // "offer-schedule"
    bool operator==(const ProcessOpened&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessOpened, (), (kind))

/// A process has at most one timer of a name at a time.
struct ProcessTimerSet {
    static constexpr std::string_view event_type = "ProcessTimerSet";
    std::string kind;
    std::string timer;  // "activate"
    Timestamp due;
    bool operator==(const ProcessTimerSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessTimerSet, (), (kind, timer, due))

struct ProcessTimerCancelled {
    static constexpr std::string_view event_type = "ProcessTimerCancelled";
    std::string kind;
    std::string timer;
    bool operator==(const ProcessTimerCancelled&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessTimerCancelled, (), (kind, timer))

/// At or after its time. The timer is no longer set.
struct ProcessTimerFired {
    static constexpr std::string_view event_type = "ProcessTimerFired";
    std::string kind;
    std::string timer;
    Timestamp due;
    bool operator==(const ProcessTimerFired&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessTimerFired, (), (kind, timer, due))

/// Stands in the log before anything is sent. Effect and key together are one effect for good,
/// however often it is sent.
struct ProcessEffectIntended {
    static constexpr std::string_view event_type = "ProcessEffectIntended";
    std::string kind;
    std::string effect;     // "activate"
    std::string key;        // what makes the call repeatable
    std::string connector;  // whose it is: "commands", "clubify"
    std::string summary;    // for people
    std::string summary_pt;
    bool operator==(const ProcessEffectIntended&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ProcessEffectIntended, (), (kind, effect, key, connector, summary, summary_pt)
)

namespace effect_outcome {
inline constexpr std::string_view done = "done";
inline constexpr std::string_view refused = "refused";    // a definite no
inline constexpr std::string_view not_done = "not_done";  // tried as often as its schedule says
inline constexpr std::string_view unknown = "unknown";    // asked as often, and nobody can tell
}  // namespace effect_outcome

/// What came of an effect. There is one for each that was intended, in the end.
struct ProcessEffectEnded {
    static constexpr std::string_view event_type = "ProcessEffectEnded";
    std::string kind;
    std::string effect;
    std::string key;
    std::string outcome;  // see effect_outcome
    std::string created;  // the id that the other side gave; empty: none
    std::string problem;  // the name of a problem type; empty when done
    std::string detail;
    std::string detail_pt;
    std::int64_t attempts = 1;
    JsonText told;  // what else the other side said that the process must know; absent: nothing
    bool operator==(const ProcessEffectEnded&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ProcessEffectEnded,
    (),
    (kind, effect, key, outcome, created, problem, detail, detail_pt, attempts, told)
)

/// It has no outcome yet, and is taken up again then: `unknown`, where a request may have had its
/// effect and nobody could tell; else it is known that nothing has happened.
struct ProcessEffectPutOff {
    static constexpr std::string_view event_type = "ProcessEffectPutOff";
    std::string kind;
    std::string effect;
    std::string key;
    std::int64_t attempts = 1;
    std::int64_t asked = 0;  // of these: after how many nobody could tell
    Timestamp until;
    bool unknown = false;
    std::string problem;
    std::string detail;
    std::string detail_pt;
    bool operator==(const ProcessEffectPutOff&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ProcessEffectPutOff,
    (),
    (kind, effect, key, attempts, asked, until, unknown, problem, detail, detail_pt)
)

/// A command has fed the process: the events before this one are what it asks for. Its id is the
/// signal; the process answers the command.
struct ProcessAsked {
    static constexpr std::string_view event_type = "ProcessAsked";
    std::string kind;
    std::string command;  // "PayCheckout"
    std::string command_id;
    bool operator==(const ProcessAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessAsked, (), (kind, command, command_id))

/// What the command was answered, for good: its body stands in the journal.
struct ProcessAnswered {
    static constexpr std::string_view event_type = "ProcessAnswered";
    std::string kind;
    std::string command;
    std::string command_id;
    std::int64_t status = 200;
    std::string problem;  // the name of a problem type; empty: it has succeeded
    bool operator==(const ProcessAnswered&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessAnswered, (), (kind, command, command_id, status, problem))

/// A signal that does not fit the state of the process, or came for one that never was: then this
/// stands in the stream process-<kind>-<id>.
struct ProcessSignalIgnored {
    static constexpr std::string_view event_type = "ProcessSignalIgnored";
    std::string kind;
    std::string signal;  // "fact:<id of the event>", "timer:<name>", "effect:<name>:<key>"
    std::string reason;
    std::string reason_pt;
    bool operator==(const ProcessSignalIgnored&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessSignalIgnored, (), (kind, signal, reason, reason_pt))

namespace process_state {
inline constexpr std::string_view open = "open";
inline constexpr std::string_view waiting = "waiting";  // for a time or for somebody
inline constexpr std::string_view blocked = "blocked";  // somebody has to see to it
inline constexpr std::string_view done = "done";
}  // namespace process_state

/// The process's state for people has changed; until the first of these it is open and waits for
/// nothing.
struct ProcessWaiting {
    static constexpr std::string_view event_type = "ProcessWaiting";
    std::string kind;
    std::string waits_for;  // for people; empty: nothing
    std::string waits_for_pt;
    std::string state;  // see process_state
    bool operator==(const ProcessWaiting&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProcessWaiting, (), (kind, waits_for, waits_for_pt, state))

using ProcessEvent = std::variant<
    ProcessOpened,
    ProcessTimerSet,
    ProcessTimerCancelled,
    ProcessTimerFired,
    ProcessEffectIntended,
    ProcessEffectEnded,
    ProcessSignalIgnored,
    ProcessWaiting,
    ProcessEffectPutOff,
    ProcessAsked,
    ProcessAnswered>;

/// Of streams that have nothing else. Mostly these events stand in streams of other categories.
template <>
inline constexpr std::string_view category_of_events<ProcessEvent> = "process";
template <>
inline constexpr bool absent_when_empty<&ProcessEffectEnded::created> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectEnded::problem> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectEnded::detail> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectEnded::detail_pt> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectPutOff::problem> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectPutOff::detail> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessEffectPutOff::detail_pt> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessAnswered::problem> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessWaiting::waits_for> = true;
template <>
inline constexpr bool absent_when_empty<&ProcessWaiting::waits_for_pt> = true;

}  // namespace vitrine::events
