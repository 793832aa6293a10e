#pragma once

#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/price-history -> {"offer_id","at","products":[{product_id,
/// clubify_product_id, price_cents, currency, lowest_30_days:{price_cents, since}|null,
/// prices:[{price_cents, currency, since, until, position}]}]}: what a seller shows who has to
/// prove a former price. `price_cents` is the price at `at`, null when the product was not in the
/// offer; the lowest is of any moment of the 30 days before `at` (now unless told).
Result price_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const std::optional<std::string>& at
);

}  // namespace vitrine::queries
