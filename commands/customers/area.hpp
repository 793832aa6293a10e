#pragma once

#include <string>

#include "commands/engine/claims.hpp"
#include "commands/engine/definition.hpp"

namespace vitrine::commands {

extern const Entity customer_entity;
extern const ClaimKind email_kind;

/// Of an address in its one spelling.
Claim email_claim(std::string email);

}  // namespace vitrine::commands
