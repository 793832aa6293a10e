#pragma once

#include <string>

#include "commands/engine/claims.hpp"
#include "commands/engine/definition.hpp"

namespace vitrine::commands {

extern const Entity customer_entity;
extern const ClaimKind email_kind;
/// Of what others call a customer who has no e-mail address.
extern const ClaimKind reference_kind;

/// Of an address in its one spelling.
Claim email_claim(std::string email);
Claim reference_claim(std::string reference);

}  // namespace vitrine::commands
