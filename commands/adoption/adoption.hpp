#pragma once

#include <set>

#include "commands/adoption/adopt.hpp"
#include "commands/adoption/reconcile.hpp"

namespace vitrine::commands {

/// Adoption and reconciliation in one process. Concurrency: the loop of the tools.
class Adoption {
public:
    explicit Adoption(AdoptionTools tools) : tools_(std::move(tools)) {}

    /// As commands::adopt; a second one of the same tenant meanwhile is refused as
    /// command-in-flight.
    boost::asio::awaitable<std::expected<AdoptionReport, Problem>> adopt(
        AdoptionRequest request, AdoptionHeard heard
    );

    boost::asio::awaitable<std::expected<Reconciliation, Problem>> reconcile(TenantId tenant) {
        return commands::reconcile(tools_, std::move(tenant));
    }

private:
    AdoptionTools tools_;
    std::set<TenantId> adopting_;
};

}  // namespace vitrine::commands
