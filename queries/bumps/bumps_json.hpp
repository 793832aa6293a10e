#pragma once

#include <string>
#include <vector>

#include "rules/bumps/decide.hpp"
#include "rules/bumps/source.hpp"

// What is told of decisions on order bumps.
namespace vitrine::queries {

/// Appends `,"reasons":[…]`.
void append_reasons(std::string& out, const std::vector<rules::bumps::Reason>& reasons);

/// Appends the members of one decision.
void append_decision(
    std::string& out,
    const rules::bumps::Decision& decision,
    const rules::prices::Source::UnitPrice& unit
);

/// The unit price of a bump in what is known of all.
const rules::prices::Source::UnitPrice& unit_of(
    const rules::bumps::Source::Known& known, const events::Bump& bump
);

}  // namespace vitrine::queries
