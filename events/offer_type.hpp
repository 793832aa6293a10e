#pragma once

#include <string>
#include <string_view>

namespace vitrine::events {

/// An offer's type as events tell it ("single", "funnel"), also of the platform's older spellings
/// of it. What is none stays what it is.
std::string canonical_offer_type(std::string_view type);

}  // namespace vitrine::events
