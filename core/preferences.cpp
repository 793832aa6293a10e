#include "core/preferences.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes the part before the next separator off `text`.
std::string_view next_part(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

double weight_of(std::string_view parameters) {
    double weight = 1;
    while (!parameters.empty()) {
        const auto parameter = next_part(parameters, ';');
        if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
        const auto* end = parameter.data() + parameter.size();
        const auto [rest, error] = std::from_chars(parameter.data() + 2, end, weight);
        if (error != std::errc() || rest != end || !(weight >= 0 && weight <= 1)) return 0;
    }
    return weight;
}

}  // namespace

std::vector<Preference> preferences(std::string_view list) {
    std::vector<Preference> all;
    while (!list.empty()) {
        auto parameters = next_part(list, ',');
        const auto value = next_part(parameters, ';');
        if (!value.empty()) all.push_back({value, weight_of(parameters)});
    }
    return all;
}

}  // namespace vitrine
