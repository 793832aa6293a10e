#pragma once

// For the .cpp files of this folder: what a call that was sent for an effect has come to.

#include <string>

#include "gateways/clubify/effects.hpp"

namespace vitrine::clubify {

/// So that it is the same call, however often it is sent, and is known again.
void identify(Call& call, const gateways::EffectOrigin& origin);

gateways::Sent sent_of(const CallError& error, Settle settle, const gateways::Manner& manner);

/// Of what the platform has created; empty: it does not say.
std::string id_in(const Answer& answer);

}  // namespace vitrine::clubify
