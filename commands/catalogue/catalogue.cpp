#include "commands/catalogue/catalogue.hpp"

#include "commands/problem_of.hpp"

namespace vitrine::commands {

boost::asio::awaitable<std::expected<AdoptionReport, Problem>> Catalogue::adopt(
    AdoptionRequest request, AdoptionHeard heard
) {
    const auto tenant = request.tenant;
    if (!request.dry_run && !adopting_.insert(tenant).second)
        co_return std::unexpected(in_flight(
            {"An adoption of this tenant is under way.",
             "Uma adoção deste tenant está em andamento."}
        ));
    struct Turn {
        Catalogue& catalogue;
        const TenantId& tenant;
        bool taken;
        ~Turn() {
            if (taken) catalogue.adopting_.erase(tenant);
        }
    };
    const Turn turn{*this, tenant, !request.dry_run};
    co_return co_await commands::adopt(tools_, std::move(request), std::move(heard));
}

}  // namespace vitrine::commands
