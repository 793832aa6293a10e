#pragma once

#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/price-history -> {"offer_id","name","at","products":[{product_id,
/// clubify_product_id, name, price_cents, effective_cents, currency, lowest_30_days:{price_cents,
/// since, effective_cents, effective_since}|null, lowest_30_days_before_reduction:{price_cents,
/// list_price_cents, currency, from, to, reduced_at, reduced_to_cents}|null, no_reduction?,
/// prices:[{price_cents, effective_cents, currency, since, until, position}]}]}: what a seller
/// shows who has to prove a former price. `price_cents` is the price that was set,
/// `effective_cents` what one costs after the discount, which is what buyers are shown; both at
/// `at` (now unless told), null when the product was not in the offer. The lowest is of any moment
/// of the 30 days before `at`; the lowest before the reduction is of what one costs after the
/// discount (`list_price_cents`: before it) in the 30 days before that was last reduced. Both count
/// only while the offer was active: nobody could buy at the prices of a draft, or of one that is
/// paused or archived.
Result price_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const std::optional<std::string>& at
);

}  // namespace vitrine::queries
