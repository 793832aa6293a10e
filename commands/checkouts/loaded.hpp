#pragma once

#include "commands/checkouts/checkout.hpp"
#include "commands/engine/definition.hpp"

namespace vitrine::commands {

CheckoutState load_checkout(
    store::EventStore& store, const TenantId& tenant, const std::string& id
);

}  // namespace vitrine::commands
