#pragma once

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "commands/engine/definition.hpp"
#include "commands/engine/planned.hpp"
#include "commands/engine/states.hpp"

// Commands that decide on several streams at once: the entity's own and others. One append expects
// all of them as they were decided on.
namespace vitrine::commands {

/// An event of one of the streams.
template <class Event>
struct On {
    StreamName stream;
    Event event;
    bool operator==(const On&) const = default;
};

/// What is decided: events of several streams. With a refusal they are told all the same, and the
/// command is answered with that.
template <class... Events>
struct Changes {
    std::vector<std::variant<On<Events>...>> events;
    std::optional<Rejection> refusal;
    bool operator==(const Changes&) const = default;
};

/// What an area writes of such a command, as static functions of one struct H:
///
///     using Own = …                                        the events of the entity's own stream
///     Command parse(const Preparation&)                    the body as a value; pure
///     vector<Fault> faults(const Command&)                 what rules say of the body alone; pure
///     vector<StreamName> streams(const Command&)           the others, as far as the body tells;
///                                                          pure
///     Known load(States&, const Preparation&, const Command&)
///                                                          what decide must know: asks the states
///                                                          for every stream that it decides on;
///                                                          refers to them
///     expected<Changes<…>, Rejection> decide(const Command&, const Known&, const Preparation&)
///                                                          pure
///     JsonText answer(const Command&, States&, const Preparation&)
///                                                          members of the answer, of the states
///                                                          after the decision
///
/// It is local: one append is all. A stream that only `load` can tell is asked for without more:
/// the command is then decided again when it has its turn on that, too.
template <class H>
Prepared prepare_on_several_by(const Preparation& from) {
    auto& states = *from.states;
    const auto command = H::parse(from);
    auto plan = begun_plan(from);
    if (auto faults = H::faults(command); !faults.empty())
        return std::unexpected(invalid(std::move(faults)));
    const auto& known = H::load(states, from, command);
    if (!states.missing().empty()) return plan;
    const auto decided = H::decide(command, known, from);
    if (!decided) return std::unexpected(decided.error());

    std::map<StreamName, Version> before;
    for (const auto& stream : states.asked()) before[stream] = states.version(stream);
    std::map<StreamName, std::vector<PlannedEvent>> events;
    for (const auto& change : decided->events) {
        std::visit(
            [&](const auto& on) {
                std::ranges::move(
                    planned(std::vector{on.event}), std::back_inserter(events[on.stream])
                );
                states.evolve(on.stream, on.event);
            },
            change
        );
    }
    for (const auto& [stream, version] : before) {
        if (stream == plan.stream) {
            plan.events = std::move(events[stream]);
        } else {
            plan.others.push_back({stream, version, std::move(events[stream])});
        }
    }
    plan.refusal = decided->refusal;
    if (!plan.refusal) plan.answer = H::answer(command, states, from);
    return plan;
}

template <class H>
constexpr Handler handler_on_several_of() {
    Handler handler{
        prepare_on_several_by<H>,
        [](const Preparation& from) { return H::faults(H::parse(from)); },
        nullptr,
        nullptr
    };
    if constexpr (requires(const Json& body) { H::id_in(body); }) handler.id_in = H::id_in;
    handler.streams = [](const Preparation& from) { return H::streams(H::parse(from)); };
    handler.own_version = [](States& states, const StreamName& stream) {
        states.of<typename H::Own>(stream);
        return states.version(stream);
    };
    return handler;
}

template <class H>
inline constexpr Handler handled_on_several_by = handler_on_several_of<H>();

}  // namespace vitrine::commands
