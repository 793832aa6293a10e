#pragma once

#include "commands/engine/definition.hpp"

// How each command on a product is worked on.
namespace vitrine::commands {

extern const Handler create_product;
extern const Handler edit_product;
extern const Handler archive_product;

}  // namespace vitrine::commands
