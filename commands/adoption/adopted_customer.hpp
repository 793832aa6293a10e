#pragma once

#include <expected>

#include "core/phrase.hpp"
#include "events/customers.hpp"
#include "gateways/clubify/listed.hpp"

namespace vitrine::commands {

/// A customer of the platform as one of ours, each thing in its one spelling; a phone number or
/// document that has none is left out. Who has no e-mail address is known by the platform's id. Why
/// not: no mail can be sent to the address. Pure.
std::expected<events::CustomerRegistered, Phrase> adopted_customer(
    const clubify::ListedCustomer& customer, const events::CustomerId& id
);

}  // namespace vitrine::commands
