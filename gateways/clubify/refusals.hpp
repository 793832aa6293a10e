#pragma once

#include "gateways/clubify/call.hpp"
#include "gateways/clubify/effects.hpp"

// What the platform's errors mean to our callers. Pure.
namespace vitrine::clubify {

/// A definite no: 4xx, or bad credentials.
gateways::Refusal refusal_of(Settle settle, const CallError& error);

/// There is nothing to sign in with.
Phrase no_credentials();

gateways::Refusal slug_taken_there(const std::string& slug);
gateways::Refusal missing_there(Settle settle);

/// Known not done, and worth another try.
gateways::Refusal not_done(const CallError& error);

}  // namespace vitrine::clubify
