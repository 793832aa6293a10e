#pragma once

#include "commands/definitions.hpp"

// From a valid body to a plan: one function per command.
namespace vitrine::commands {

Prepared prepare_create_offer(const Preparation& from);
Prepared prepare_edit_offer(const Preparation& from);
Prepared prepare_activate_offer(const Preparation& from);
Prepared prepare_pause_offer(const Preparation& from);
Prepared prepare_archive_offer(const Preparation& from);
Prepared prepare_add_product_to_offer(const Preparation& from);
Prepared prepare_change_product_in_offer(const Preparation& from);
Prepared prepare_remove_product_from_offer(const Preparation& from);

}  // namespace vitrine::commands
