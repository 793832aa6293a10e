#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "commands/checkouts/checkout.hpp"
#include "events/processes.hpp"
#include "processes/process.hpp"

namespace vitrine::processes {

/// The process checkout: what a payment brings about. Its id is the checkout's.
///
/// The steps and what undoes them stand in checkout_steps.cpp, in their order. A card is
/// authorised, the stock confirmed, then the card is charged; a Pix or a boleto is issued, waited
/// for, and then the stock is confirmed. Once the money is ours it goes forward, or the money goes
/// back. What ends without an order is undone from the end to the beginning; what cannot be undone
/// waits for a person, and holds up nothing else. Money that comes after the end wins: what was
/// undone is done again, or the money goes back.
struct Checkout {
    static constexpr std::string_view kind = "checkout";
    static constexpr std::string_view category = "sale";
    static constexpr std::string_view entity = "checkout";
    static constexpr std::string_view facts[] = {"ClubifyWebhookReceived", "PaymentHookReceived"};

    /// A command that waits for what its payment comes to.
    struct State : commands::CheckoutState {};
    using Event = events::CheckoutEvent;

    static State evolve(State state, const Event& event);
    static State evolve(State state, const events::ProcessEvent& event);
    static ReactionOf<Event> react(const State& state, const Signal& signal);
    static Wanted wanted(const State& state);
    static std::optional<commands::ProcessAnswer> answer(
        const State& state, const events::ProcessAsked& asked
    );
    static std::vector<Routed> signals(const events::RecordedEvent& event);
};

/// What a step of the saga is, for those who show it.
struct CheckoutStep {
    std::string_view name;          // of its effect
    std::string_view kind;          // compensatable, pivot, retriable, compensation
    std::string_view compensation;  // the step that undoes it; empty: none
    Term summary;
};
std::vector<CheckoutStep> checkout_steps();

}  // namespace vitrine::processes
