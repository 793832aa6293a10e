#include "commands/adoption/adoption.hpp"

#include "commands/problem_of.hpp"

namespace vitrine::commands {

boost::asio::awaitable<std::expected<AdoptionReport, Problem>> Adoption::adopt(
    AdoptionRequest request, AdoptionHeard heard
) {
    const auto tenant = request.tenant;
    if (!request.dry_run && !adopting_.insert(tenant).second)
        co_return std::unexpected(in_flight(
            {"An adoption of this tenant is under way.",
             "Uma adoção deste tenant está em andamento."}
        ));
    struct Turn {
        Adoption& adoption;
        const TenantId& tenant;
        bool taken;
        ~Turn() {
            if (taken) adoption.adopting_.erase(tenant);
        }
    };
    const Turn turn{*this, tenant, !request.dry_run};
    co_return co_await commands::adopt(tools_, std::move(request), std::move(heard));
}

}  // namespace vitrine::commands
