#include "core/locale_name.hpp"

#include <unicode/locid.h>

#include <algorithm>
#include <set>
#include <string>

namespace vitrine {

std::optional<std::string> locale_name(std::string_view text) {
    static const auto known = [] {
        std::set<std::string, std::less<>> names;
        std::int32_t count = 0;
        const auto* locales = icu::Locale::getAvailableLocales(count);
        for (std::int32_t i = 0; i < count; ++i) names.emplace(locales[i].getName());
        return names;
    }();
    std::string name(text);
    std::ranges::replace(name, '-', '_');
    return known.contains(name) ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace vitrine
