#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "commands/adoption/adopt.hpp"
#include "commands/adoption/compare.hpp"

namespace vitrine::commands {

struct Reconciliation {
    std::size_t products = 0, offers = 0, customers = 0, orders = 0;  // compared: on either side
    std::vector<Difference> differences;
};

/// Compares the tenant's products, offers, customers and orders with the platform's; changes
/// nothing on either side. A command that is under way meanwhile may show as a difference. Of
/// customers only those whom the platform is told of are compared, of orders those that it told of;
/// one of which webhooks have told more since it was adopted is known, and not compared.
boost::asio::awaitable<std::expected<Reconciliation, Problem>> reconcile(
    AdoptionTools tools, TenantId tenant
);

}  // namespace vitrine::commands
