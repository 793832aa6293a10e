#pragma once

#include <vector>

#include "commands/definitions.hpp"

namespace vitrine::commands {

/// Adds to the faults of a body's schema what the rules that a schema cannot say find in the rest
/// of it, so that a client learns of everything at once. `from.body` is the body as received.
void add_rule_faults(
    std::vector<Fault>& faults, const Definition& definition, const Preparation& from
);

}  // namespace vitrine::commands
