#pragma once

#include <string_view>

namespace vitrine {

/// Whether the text has the number of a payment card in it: 13 to 19 digits, with single blanks or
/// hyphens between them, that begin as cards do and pass the check of Luhn. An id (a UUID) has
/// none.
bool has_card_number(std::string_view text);

}  // namespace vitrine
