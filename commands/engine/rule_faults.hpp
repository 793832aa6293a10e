#pragma once

#include <vector>

#include "commands/engine/definition.hpp"

namespace vitrine::commands {

/// Adds those at places of which the faults say nothing yet.
void add_uncovered(std::vector<Fault>& faults, const std::vector<Fault>& more);

/// The faults of a body's schema, and what the rules that a schema cannot say find in the rest of
/// it, so that a client learns of everything at once. `from.body` is the body as received.
std::vector<Fault> with_rule_faults(std::vector<Fault> faults, const Preparation& from);

}  // namespace vitrine::commands
