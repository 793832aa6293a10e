#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "gateways/effects.hpp"
#include "queries/checkouts/known_payments.hpp"

namespace vitrine::queries {

struct MoneyCheck {
    std::size_t payments = 0;  // that were compared
    std::vector<PaymentDifference> differences;
};

/// What a check of a tenant's payments asks. All outlives it.
struct MoneyCheckParts {
    store::EventStore& store;
    const gateways::Connectors& connectors;
};

/// Compares each payment of these checkouts with what its provider says of it. Whatever differs is
/// read and asked for once more, since both may have moved meanwhile. Changes nothing on either
/// side. The fault: a provider could not be asked, as a sentence. On the gateways' loop.
boost::asio::awaitable<std::expected<MoneyCheck, std::string>> check_money(
    MoneyCheckParts parts, TenantId tenant, std::vector<std::string> checkouts
);

}  // namespace vitrine::queries
