#include "queries/products/list_products.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "projections/products/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

constexpr std::array<std::string_view, 4> types = {
    "digital", "physical", "service", "subscription"
};

}  // namespace

Result list_products(
    const ReadSide& reads, const TenantId& tenant, const ListParameters& parameters
) {
    std::vector<Fault> faults;
    const auto request = read_list(parameters, faults);
    if (parameters.type && std::ranges::find(types, *parameters.type) == types.end()) {
        faults.push_back(
            {"/type",
             "unknown",
             {"type is digital, physical, service or subscription",
              "type é digital, physical, service ou subscription"}}
        );
    }
    if (parameters.status && *parameters.status != "active" && *parameters.status != "archived")
        faults.push_back(
            {"/status", "unknown", {"status is active or archived", "status é active ou archived"}}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    projections::ProductFilter filter;
    filter.type = parameters.type.value_or("");
    filter.status = parameters.status.value_or("");
    filter.sku = parameters.sku.value_or("");
    filter.search = request.search;
    filter.sort = request.sort.by;
    filter.descending = request.sort.descending;
    filter.after = request.after;
    filter.limit = request.limit;
    auto lease = reads.projections.read_model(products_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ProductsReader products(std::move(*lease));
    const auto page = products.list(tenant, filter);

    Answer answer;
    answer.position = products.position();
    if (page.next) answer.next_cursor = encode_cursor(request.sort, *page.next);
    answer.body = "{\"items\":[";
    for (const auto& item : page.items) {
        if (answer.body.back() != '[') answer.body += ',';
        answer.body += item.body;
    }
    answer.body += "],\"next_cursor\":";
    answer.body += answer.next_cursor.empty() ? "null" : '"' + answer.next_cursor + '"';
    answer.body += '}';
    return answer;
}

}  // namespace vitrine::queries
