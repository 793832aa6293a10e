#include "gateways/clubify/listed_page.hpp"

#include <cmath>

namespace vitrine::clubify {

std::optional<std::int64_t> cents_in(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    if (!value->is_number_float()) return integer_of(object, names);
    const double cents = std::round(value->get<double>() * 100);
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (!(std::abs(cents) <= exact)) return std::nullopt;
    return static_cast<std::int64_t>(cents);
}

std::optional<std::string> optional_text(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

}  // namespace vitrine::clubify
