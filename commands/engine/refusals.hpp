#pragma once

#include <optional>

#include "commands/engine/deciding.hpp"
#include "commands/engine/intake.hpp"
#include "commands/engine/precondition.hpp"
#include "commands/problem.hpp"

// Why a command does not begin, as its client is told. Pure.
namespace vitrine::commands {

/// Another command is at work where this one wants to be. `present`: the version of its stream.
Problem no_turn(const Intake& intake, Version present);

/// Another command is at work on what this one relies on.
Problem relied_on_in_work();

/// `version` is that of the stream, the same for clients since `unchanged_since`.
std::optional<Problem> problem_in(
    const Precondition& precondition, Version version, Version unchanged_since
);

/// Why the command cannot be: its rules refuse it, or a key that it claims is another's.
std::optional<Problem> problem_in(const Decided& decided, const Intake& intake);

Problem problem_of_append(const store::AppendError& error, const Intake& intake);

}  // namespace vitrine::commands
