#include "projections/endpoints/reader.hpp"

#include "projections/sql.hpp"

namespace vitrine::projections {

std::vector<std::pair<TenantId, std::string>> endpoints_in(Lease& lease) {
    std::vector<std::pair<TenantId, std::string>> endpoints;
    auto rows = lease.statement("SELECT tenant,id FROM endpoints").run();
    while (rows.next())
        endpoints.emplace_back(TenantId(std::string(rows.text(0))), std::string(rows.text(1)));
    return endpoints;
}

}  // namespace vitrine::projections
