#include "projections/every_projection.hpp"

#include <algorithm>

namespace vitrine::projections {

std::span<const Projection> every_projection() {
    static const auto all = [] {
        std::vector<Projection> every;
        for (const auto& projection : projections_there_are) every.push_back(projection());
        return every;
    }();
    return all;
}

const Projection* find_projection(std::string_view name) {
    const auto all = every_projection();
    const auto found = std::ranges::find(all, name, &Projection::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace vitrine::projections
