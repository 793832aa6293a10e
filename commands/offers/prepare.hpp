#pragma once

#include "commands/definitions.hpp"

// What each command claims, what its rules find wrong, and its plan: one function per command.
namespace vitrine::commands {

Claims claims_of_create_offer(const ClaimRequest& request);
std::vector<Fault> check_create_offer(const Preparation& from);
std::vector<Fault> check_activate_offer(const Preparation& from);
std::vector<Fault> check_add_product_to_offer(const Preparation& from);
std::vector<Fault> check_change_product_in_offer(const Preparation& from);

Prepared prepare_create_offer(const Preparation& from);
Prepared prepare_edit_offer(const Preparation& from);
Prepared prepare_activate_offer(const Preparation& from);
Prepared prepare_pause_offer(const Preparation& from);
Prepared prepare_archive_offer(const Preparation& from);
Prepared prepare_add_product_to_offer(const Preparation& from);
Prepared prepare_change_product_in_offer(const Preparation& from);
Prepared prepare_remove_product_from_offer(const Preparation& from);

}  // namespace vitrine::commands
