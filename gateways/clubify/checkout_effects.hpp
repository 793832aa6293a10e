#pragma once

#include <string>

#include "gateways/clubify/checkout.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/settle.hpp"

// A checkout on the platform as an effect: found again by saga_id in its metadata.
namespace vitrine::clubify {

/// Tells its id, and its checkout_url.
gateways::Effect open_checkout(const CheckoutFields& fields, const std::string& saga_id);
/// Tells the id of the order. `transaction`: of the payment; may be empty.
gateways::Effect complete_checkout_with(const ClubifyId& id, const std::string& transaction);
gateways::Effect cancel_open_checkout(const ClubifyId& id);

bool is_of_checkout(Settle settle);

// For effects.cpp and settle.cpp.

/// Adds what the platform is told of the tenant.
JsonText with_tenant(const JsonText& body, const JsonText& context);
gateways::Sent checkout_sent(Settle settle, const Answer& answer);
asio::awaitable<LookUp> look_up_checkout(
    Clubify& clubify, Account account, Settle settle, gateways::Effect effect
);

}  // namespace vitrine::clubify
