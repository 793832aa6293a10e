#pragma once

#include <string>

namespace vitrine {

/// The JSON text with its numbers as short as they can be without being read as others. The library
/// writes 0.06531 as 0.06531000000000001, and one in a thousand like it.
std::string with_shortest_numbers(std::string json);

}  // namespace vitrine
