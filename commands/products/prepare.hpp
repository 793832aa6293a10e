#pragma once

#include "commands/definitions.hpp"

// From a valid body to a plan: one function per command.
namespace vitrine::commands {

Prepared prepare_create_product(const Preparation& from);
Prepared prepare_edit_product(const Preparation& from);

}  // namespace vitrine::commands
