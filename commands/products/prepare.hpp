#pragma once

#include "commands/definitions.hpp"

// What each command claims, what its rules find wrong, and its plan: one function per command.
namespace vitrine::commands {

Claims claims_of_create_product(const ClaimRequest& request);
Claims claims_of_edit_product(const ClaimRequest& request);
std::vector<Fault> check_edit_product(const Preparation& from);

Prepared prepare_create_product(const Preparation& from);
Prepared prepare_edit_product(const Preparation& from);
Prepared prepare_archive_product(const Preparation& from);

}  // namespace vitrine::commands
