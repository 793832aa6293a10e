#include "api/cli/known_projection.hpp"

#include <fmt/ranges.h>

#include <vector>

#include "api/cli/subcommands.hpp"
#include "projections/projector.hpp"

namespace vitrine::api {

void require_projection(const std::string& name) {
    if (projections::find_projection(name)) return;
    std::vector<std::string> known;
    for (const auto& projection : projections::every_projection()) known.push_back(projection.name);
    throw UsageError(
        fmt::format("there is no read model \"{}\"; there are {}", name, fmt::join(known, ", "))
    );
}

}  // namespace vitrine::api
