// Which language a list of preferences asks for.
#include <algorithm>

#include "core/phrase.hpp"
#include "core/preferences.hpp"

namespace vitrine {
namespace {

/// "pt" of "pt-BR": what look-up comes to when it shortens the range.
bool is_of(std::string_view range, std::string_view language) {
    const auto primary = range.substr(0, range.find('-'));
    return std::ranges::equal(primary, language, [](char a, char b) {
        return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
    });
}

}  // namespace

Language preferred_language(std::optional<std::string_view> accept_language) {
    auto best = Language::english;
    double best_weight = 0;
    std::optional<double> english, any;
    for (const auto& [range, weight] : preferences(accept_language.value_or(""))) {
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
