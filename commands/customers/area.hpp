#pragma once

#include <string>

#include "commands/customers/customer.hpp"
#include "commands/engine/claims.hpp"
#include "commands/engine/definition.hpp"
#include "commands/json_fwd.hpp"

namespace vitrine::commands {

extern const Entity customer_entity;
extern const ClaimKind email_kind;
/// Of what others call a customer who has no e-mail address.
extern const ClaimKind reference_kind;

/// Of an address in its one spelling.
Claim email_claim(std::string email);
Claim reference_claim(std::string reference);

/// What a body tells of a customer.
CustomerTold told_in(const Json& body);

}  // namespace vitrine::commands
