#pragma once

#include "commands/engine/definition.hpp"

// How each command on an offer is worked on.
namespace vitrine::commands {

extern const Handler create_offer;
extern const Handler edit_offer;
extern const Handler activate_offer;
extern const Handler pause_offer;
extern const Handler archive_offer;
extern const Handler add_product_to_offer;
extern const Handler change_product_in_offer;
extern const Handler remove_product_from_offer;

}  // namespace vitrine::commands
