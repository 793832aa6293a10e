#pragma once

#include <string>

#include "commands/customers/customer.hpp"
#include "commands/engine/definition.hpp"

// What commands on customers load before they decide.
namespace vitrine::commands {

CustomerState load_customer(
    store::EventStore& store, const TenantId& tenant, const std::string& id
);

/// The one of the path.
CustomerState customer_of(const Preparation& from);

/// The id of the customer who has that e-mail address, in its one spelling; empty: nobody has. One
/// who was merged into another is that one.
std::string customer_with(const OwnerRequest& request, const Claim& email);

}  // namespace vitrine::commands
