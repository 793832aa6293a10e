#include "commands/areas.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace vitrine::commands {

std::span<const Definition> definitions() {
    static const auto all = [] {
        std::vector<Definition> every;
        for (const auto& area : areas) std::ranges::copy(area(), std::back_inserter(every));
        return every;
    }();
    return all;
}

const Definition* find_definition(std::string_view name) {
    const auto all = definitions();
    const auto found = std::ranges::find(all, name, &Definition::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace vitrine::commands
