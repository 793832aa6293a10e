#include "queries/customers/customer_tags.hpp"

#include <nlohmann/json.hpp>

#include "projections/listed.hpp"
#include "queries/customers/merged_tags.hpp"

namespace vitrine::queries {
namespace {

constexpr const char* customers = "customers";
constexpr int longest_chain = 8;  // of merged ones

}  // namespace

CustomerTags customer_tags(const projections::Projections& projections) {
    return [&projections](
               const TenantId& tenant, std::string_view customer_id
           ) -> std::optional<std::vector<std::string>> {
        auto lease = projections.read_model(customers).lease();
        if (!lease) return std::nullopt;
        projections::ListedReader rows(std::move(*lease), customers);
        std::string id(customer_id);
        for (int i = 0; i < longest_chain; ++i) {
            const auto row = rows.find(tenant, id);
            if (!row || row->status == "erased") return std::nullopt;
            const auto json = nlohmann::json::parse(row->body);
            if (row->status != "merged") {
                auto all = merged_tags(rows, tenant, id).tags;
                for (auto& tag : json.value("tags", std::vector<std::string>()))
                    all.insert(std::move(tag));
                return std::vector<std::string>(all.begin(), all.end());
            }
            id = json.at("merged_into").get<std::string>();
        }
        return std::nullopt;
    };
}

}  // namespace vitrine::queries
