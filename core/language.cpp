// Which language a list of preferences asks for.
#include <algorithm>
#include <charconv>

#include "core/phrase.hpp"

namespace vitrine {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

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

/// "pt" of "pt-BR": what look-up comes to when it shortens the range.
bool is_of(std::string_view range, std::string_view language) {
    const auto primary = range.substr(0, range.find('-'));
    return std::ranges::equal(primary, language, [](char a, char b) { return lower(a) == b; });
}

/// 0 where it is not one: such a range asks for nothing.
double weight_of(std::string_view parameters) {
    double weight = 1;
    while (!parameters.empty()) {
        const auto parameter = next_part(parameters, ';');
        if (parameter.size() < 2 || lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
        const auto* end = parameter.data() + parameter.size();
        const auto [rest, error] = std::from_chars(parameter.data() + 2, end, weight);
        if (error != std::errc() || rest != end || !(weight >= 0 && weight <= 1)) return 0;
    }
    return weight;
}

}  // namespace

Language preferred_language(std::optional<std::string_view> accept_language) {
    auto best = Language::english;
    double best_weight = 0;
    std::optional<double> english, any;
    for (auto rest = accept_language.value_or(""); !rest.empty();) {
        auto parameters = next_part(rest, ',');
        const auto range = next_part(parameters, ';');
        const double weight = weight_of(parameters);
        if (range == "*") any = weight;
        const bool is_english = is_of(range, "en");
        if (is_english) english = std::max(english.value_or(0), weight);
        if (!is_english && !is_of(range, "pt")) continue;
        if (weight <= best_weight) continue;
        best_weight = weight;
        best = is_english ? Language::english : Language::portuguese;
    }
    // English is refused, and anything else is taken.
    const bool anything_else = english && *english == 0 && any.value_or(0) > 0;
    return best_weight == 0 && anything_else ? Language::portuguese : best;
}

}  // namespace vitrine
