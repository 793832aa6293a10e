#include <algorithm>

#include "api/config/settings.hpp"
#include "core/nearest.hpp"

namespace vitrine::api {

std::optional<std::string> unknown_variable(std::span<const std::string> names) {
    constexpr std::string_view ours = "VITRINE_";
    std::vector<std::string> known{"VITRINE_CONFIG", "VITRINE_MASTER_KEY"};
    for (const auto& setting : settings()) known.push_back(setting.variable());
    for (const auto& name : names) {
        if (!name.starts_with(ours) || std::ranges::find(known, name) != known.end()) continue;
        return "there is no setting " + name + " in the environment; the nearest is " +
               nearest(name, known);
    }
    return std::nullopt;
}

}  // namespace vitrine::api
