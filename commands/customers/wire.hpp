#pragma once

#include "commands/customers/customer.hpp"
#include "commands/engine/definition.hpp"
#include "commands/engine/plan.hpp"

// What the platform is told of a customer.
namespace vitrine::commands {

/// All of it, to whom it knows by the e-mail address, or to a new one.
Effect told_to_platform(const CustomerState& state, const Preparation& from);

/// What the events change, to the customer whom it is known to have.
Effect changed_on_platform(
    const CustomerState& before, const CustomerEvents& events, const Preparation& from
);

}  // namespace vitrine::commands
