#pragma once

#include <vector>

#include "commands/definitions.hpp"

namespace vitrine::commands {

/// Adds those at places of which the faults say nothing yet.
void add_uncovered(std::vector<Fault>& faults, const std::vector<Fault>& more);

/// Adds to the faults of a body's schema what the rules that a schema cannot say find in the rest
/// of it, so that a client learns of everything at once. `from.body` is the body as received.
void add_rule_faults(
    std::vector<Fault>& faults, const Definition& definition, const Preparation& from
);

}  // namespace vitrine::commands
