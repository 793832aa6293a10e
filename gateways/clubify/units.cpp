#include "gateways/clubify/units.hpp"

namespace vitrine::clubify {

std::optional<std::int64_t> cents_of(const Json& object, Names names) {
    return integer_of(object, names);
}

std::optional<double> fraction_of_percent(const Json& object, Names names) {
    const Json* value = find(object, names);
    return value == nullptr ? std::nullopt : percent_as_fraction(*value);
}

std::optional<double> fraction_of(const Json& object, Names names) {
    return number_of(object, names);
}

std::optional<double> percent_as_fraction(const Json& value) {
    if (!value.is_number()) return std::nullopt;
    return value.get<double>() / 100;
}

}  // namespace vitrine::clubify
