#pragma once

#include "commands/json_fwd.hpp"

namespace vitrine::commands {

/// Whether a text or a number anywhere in it is the number of a payment card. Telephone numbers
/// with + and the documents of people are none, whatever their digits.
bool has_card_data(const Json& body);

}  // namespace vitrine::commands
