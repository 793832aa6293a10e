#include "api/control/process_operations.hpp"

#include "projections/processes/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/processes/process_json.hpp"

namespace vitrine::api {
namespace {

std::expected<std::vector<TenantId>, std::string> tenants_of(const Work& work) {
    std::vector<TenantId> tenants;
    if (const auto name = work.text("tenant"); !name.empty()) {
        if (!work.keys().find_tenant(TenantId(name)))
            return std::unexpected(no_tenant(name).error());
        tenants.emplace_back(name);
        return tenants;
    }
    for (const auto& tenant : work.keys().tenants()) tenants.push_back(tenant.id);
    return tenants;
}

/// With its tenant first.
Json of_tenant(const TenantId& tenant, const Json& process) {
    Json json;
    json["tenant"] = tenant.str();
    json.update(process);
    return json;
}

Outcome not_built() {
    return fault("the read model processes is not built yet: a server that starts builds it");
}

}  // namespace

Outcome process_list(const Work& work) {
    const auto tenants = tenants_of(work);
    if (!tenants) return fault(tenants.error());
    auto lease = work.administration.lease(queries::processes_model);
    if (!lease) return not_built();
    projections::ProcessesReader processes(*std::move(lease));
    const auto kind = work.text("kind"), state = work.text("state");
    const auto limit = work.arguments.value("limit", std::size_t{1});
    auto list = Json::array();
    for (const auto& tenant : *tenants) {
        const auto page =
            processes.list(tenant, {.kind = kind, .state = state, .limit = limit}).items;
        for (const auto& each : page) {
            list.push_back(
                of_tenant(tenant, queries::to_json(each.process, each.next_due, Language::english))
            );
        }
    }
    return list;
}

Outcome process_show(const Work& work) {
    const auto tenants = tenants_of(work);
    if (!tenants) return fault(tenants.error());
    auto lease = work.administration.lease(queries::processes_model);
    if (!lease) return not_built();
    projections::ProcessesReader processes(*std::move(lease));
    const auto kind = work.text("kind"), id = work.text("id");
    for (const auto& tenant : *tenants) {
        if (const auto process = processes.find(tenant, kind, id))
            return of_tenant(tenant, queries::whole_to_json(*process, Language::english));
    }
    return fault("there is no process " + kind + ' ' + id);
}

}  // namespace vitrine::api
