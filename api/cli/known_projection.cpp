#include "api/cli/known_projection.hpp"

#include "api/cli/subcommands.hpp"
#include "projections/projector.hpp"

namespace vitrine::api {

void require_projection(const std::string& name) {
    if (projections::find_projection(name)) return;
    std::string known;
    for (const auto& projection : projections::catalogue()) {
        known += (known.empty() ? "" : ", ") + projection.name;
    }
    throw UsageError("there is no read model \"" + name + "\"; there are " + known);
}

}  // namespace vitrine::api
