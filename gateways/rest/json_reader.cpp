#include "gateways/rest/json_reader.hpp"

#include <cmath>
#include <limits>

#include "core/shortest_numbers.hpp"

namespace vitrine::rest {

const Json* find(const Json& object, Names names) {
    if (!object.is_object()) return nullptr;
    for (const char* name : names) {
        const auto found = object.find(name);
        if (found != object.end() && !found->is_null()) return &*found;
    }
    return nullptr;
}

std::string text_of(const Json& object, Names names) {
    const Json* value = find(object, names);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

const Json* list_in(const Json& document, Names names) {
    const Json* list = document.is_array() ? &document : find(document, names);
    return list != nullptr && list->is_array() ? list : nullptr;
}

std::vector<std::string> texts_of(const Json& object, Names names) {
    std::vector<std::string> texts;
    const Json* list = find(object, names);
    if (list == nullptr || !list->is_array()) return texts;
    for (const Json& each : *list) {
        if (each.is_string()) texts.push_back(each.get<std::string>());
    }
    return texts;
}

std::optional<std::int64_t> integer_of(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    if (value->is_number_float()) {
        // 12.0 is 12 cents; 12.5 is nothing we could believe.
        const double number = value->get<double>();
        constexpr double exact = 9007199254740992.0;  // 2^53
        if (std::trunc(number) != number || std::abs(number) > exact) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > largest) return std::nullopt;
    return value->get<std::int64_t>();
}

std::optional<double> number_of(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->get<double>();
}

JsonText text_form(const Json& value) {
    return JsonText(with_shortest_numbers(value.dump()));
}

}  // namespace vitrine::rest
