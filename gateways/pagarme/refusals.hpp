#pragma once

#include "gateways/effects.hpp"
#include "gateways/rest/call.hpp"

// What Pagar.me's answers mean to whoever wants money moved. Pure.
namespace vitrine::pagarme {

/// By this code; "card_declined".
gateways::Refused declined(const std::string& code, bool retryable);

/// There is no key to call with.
gateways::Refused without_account();

/// A call without a good answer. `creates`: it was to make a charge.
gateways::Sent sent_of(const rest::CallError& error, bool creates);

gateways::LookUpFailed look_up_failed(const rest::CallError& error);

/// A definite no: 4xx, or a bad key.
gateways::Refusal refusal_of(const rest::CallError& error);

}  // namespace vitrine::pagarme
