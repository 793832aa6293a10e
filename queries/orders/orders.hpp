#pragma once

#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/asked_days.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// What a list of orders is asked by, as it came; an absent one is nullopt.
struct OrdersParameters {
    std::optional<std::string> offer_id = {}, customer_id = {}, status = {};
    std::optional<std::string> from = {}, to = {};  // days on which they were placed
    std::optional<std::string> sort = {};           // placed_at, -placed_at
    std::optional<std::string> limit = {}, cursor = {};
};

/// GetOrder: by the id of ours or the platform's.
Result get_order(const ReadSide& reads, const TenantId& tenant, std::string_view id);

/// ListOrders: the newest first unless told.
Result list_orders(
    const ReadSide& reads, const TenantId& tenant, const OrdersParameters& parameters
);

/// The same of one customer, who there must be.
Result list_customer_orders(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::string& customer,
    OrdersParameters parameters
);

}  // namespace vitrine::queries
