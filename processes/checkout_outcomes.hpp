#pragma once

#include <vector>

#include "events/checkouts.hpp"
#include "events/processes.hpp"
#include "processes/checkout_steps.hpp"

// For the .cpp files of the checkout: what follows from how a step has ended, in the events of its
// business. Pure.
namespace vitrine::processes::saga {

using Events = std::vector<events::CheckoutEvent>;

/// An outcome of a round that is over says nothing about this one.
bool is_of_this_round(const State& state, const events::ProcessEffectEnded& ended);

Events follows(const State& state, const events::ProcessEffectEnded& ended);

/// Nobody paid in time.
Events expired(const State& state);

}  // namespace vitrine::processes::saga
