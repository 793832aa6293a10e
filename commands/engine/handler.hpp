#pragma once

#include <concepts>
#include <utility>

#include "commands/engine/definition.hpp"
#include "commands/engine/planned.hpp"

// How the four parts of a command become one that the engine can work on.
namespace vitrine::commands {

/// What an area writes of a command, as static functions of one struct H:
///
///     Command parse(const Preparation&)                    the body as a value; pure
///     Known load(const Preparation&, Command)              what decide must know: reads only,
///     which may block
///     expected<vector<Event>, Rejection> decide(const Command&, const Known&, const Preparation&)
///     pure JsonText answer(const Command&, const Known&, const Preparation&)   members of the
///     answer; pure
///
/// and, where they are wanted,
///
///     void effects(Plan&, const Command&, const Known&, const Events&, const Preparation&)
///                                                          what must happen outside before the
///                                                          events do; pure
///     Claims claims(const ClaimRequest&)                   natural keys; pure
///     bool has_choice(const ClaimRequest&)                 whether others will do as well; pure
///     vector<StreamName> relies_on(const Preparation&)     streams that must stay as they are
///     meanwhile; reads as load does
///     string owner_of(const OwnerRequest&)                 the id of what has its claims already;
///     reads as load does
///     string id_in(const Json& body)                       the id of what is created, a key that
///     it claims; pure
///
/// Without `effects` a command is local: one append is all. The engine calls them where the log
/// lets one wait (store/read.hpp), so that none of them awaits anything. What a command knows that
/// decides from its body alone.
struct Nothing {};

template <class H>
Prepared prepare_by(const Preparation& from) {
    const auto command = H::parse(from);
    const auto known = H::load(from, command);
    const auto events = H::decide(command, known, from);
    if (!events) return std::unexpected(events.error());

    auto plan = begun_plan(from);
    plan.answer = H::answer(command, known, from);
    if (events->empty()) return plan;
    plan.events = planned(*events);
    if constexpr (requires { H::effects(plan, command, known, *events, from); }) {
        H::effects(plan, command, known, *events, from);
        name_failures(plan, from.definition);
    }
    return plan;
}

template <class H>
std::vector<Fault> check_by(const Preparation& from) {
    const auto command = H::parse(from);
    const auto known = H::load(from, command);
    return faults_in(H::decide(command, known, from));
}

template <class H>
constexpr Handler handler_of() {
    Handler handler{prepare_by<H>, check_by<H>, nullptr, nullptr};
    if constexpr (requires(const ClaimRequest& request) { H::claims(request); })
        handler.claims = H::claims;
    if constexpr (requires(const Preparation& from) { H::relies_on(from); })
        handler.relies_on = H::relies_on;
    if constexpr (requires(const Json& body) { H::id_in(body); }) handler.id_in = H::id_in;
    if constexpr (requires(const OwnerRequest& request) { H::owner_of(request); })
        handler.owner_of = H::owner_of;
    if constexpr (requires(const ClaimRequest& request) { H::has_choice(request); })
        handler.has_choice = H::has_choice;
    return handler;
}

template <class H>
inline constexpr Handler handled_by = handler_of<H>();

}  // namespace vitrine::commands
