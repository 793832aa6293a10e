#include "gateways/clubify/listed_page.hpp"

#include "core/decimal.hpp"

namespace vitrine::clubify {

std::optional<std::int64_t> cents_in(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    if (!value->is_number_float()) return integer_of(object, names);
    constexpr int places = 2;
    return scaled(parse_decimal(value->dump()), places);
}

std::optional<std::string> optional_text(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

}  // namespace vitrine::clubify
