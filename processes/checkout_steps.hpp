#pragma once

#include <span>
#include <string>
#include <string_view>

#include "processes/checkout.hpp"

// For the .cpp files of the checkout: what each of its steps does, and what undoes it.
namespace vitrine::processes::saga {

using State = Checkout::State;

struct Step {
    CheckoutStep words;
    bool (*applies)(const State&);  // to this checkout
    gateways::Effect (*effect)(const State&);
    Retries (*retries)();
};

/// Forward, in their order: each is taken when the one before has ended.
std::span<const Step> steps();

/// Backward, from the last to the first: each only where there is something to undo.
std::span<const Step> undoing();

/// Of the effect that a step is: the same for good within its round; what a person wants once more
/// is another.
std::string key_of(const State& state, std::string_view step);

/// How long what may not be given up soon is tried: from a second to ten minutes, for a day; then
/// as what nobody can tell.
Retries persistent();

}  // namespace vitrine::processes::saga
