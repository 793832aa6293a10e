#pragma once

#include <string>
#include <string_view>

namespace vitrine::queries {

/// A customer's JSON as anybody may look over a shoulder at it: what names the person shows no more
/// than that it is there.
std::string masked_customer(std::string_view body);

}  // namespace vitrine::queries
