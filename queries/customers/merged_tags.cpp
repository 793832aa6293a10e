#include "queries/customers/merged_tags.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace vitrine::queries {

/// There is no circle: nobody is merged into one who is merged.
MergedTags merged_tags(
    projections::ListedReader& rows, const TenantId& tenant, std::string_view customer_id
) {
    MergedTags found;
    std::vector<std::string> ids{std::string(customer_id)};
    while (!ids.empty()) {
        const auto id = std::move(ids.back());
        ids.pop_back();
        for (auto& each : rows.all_by(tenant, "merged_into", id)) {
            const auto row = rows.find(tenant, each);
            if (!row) continue;
            const auto json = nlohmann::json::parse(row->body);
            for (auto& tag : json.value("tags", std::vector<std::string>()))
                found.tags.insert(std::move(tag));
            found.told = std::max(found.told, row->position);
            ids.push_back(std::move(each));
        }
    }
    return found;
}

}  // namespace vitrine::queries
