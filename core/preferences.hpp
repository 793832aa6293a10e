#pragma once

#include <string_view>
#include <vector>

namespace vitrine {

/// One of what a caller would take: "gzip;q=0.5" of a list (RFC 9110 §12.4.2).
struct Preference {
    std::string_view value;  // without its parameters
    double weight = 1;       // 0: not taken, or malformed
};

/// Of a list in its order; the text outlives it.
std::vector<Preference> preferences(std::string_view list);

}  // namespace vitrine
