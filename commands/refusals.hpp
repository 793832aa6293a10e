#pragma once

#include "commands/plan.hpp"
#include "gateways/clubify/call.hpp"

// What the platform's errors mean to our callers. Pure.
namespace vitrine::commands {

/// A definite no: 4xx, or bad credentials.
Refusal refusal_of(const Step& step, const clubify::CallError& error);

/// There is nothing to sign in with.
Phrase no_credentials();

Refusal slug_taken_there(const std::string& slug);
Refusal missing_there(const Step& step);

/// Known not done, and worth another try.
Refusal not_done(const clubify::CallError& error);

}  // namespace vitrine::commands
