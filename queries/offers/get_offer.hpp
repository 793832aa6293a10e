#pragma once

#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}: one row of the read model. Microseconds; runs on the caller's thread.
Result get_offer(const ReadSide& reads, const TenantId& tenant, const OfferId& id);

/// GET /v1/offers?slug=
Result get_offer_by_slug(const ReadSide& reads, const TenantId& tenant, std::string_view slug);

/// The offer as it was, from the row versions of the read model: `as_of_version` is a number from 1
/// to its present version, `as_of` what read_moment takes. Both as they came in. not_ready if the
/// read model is not that far, or the version is parked; given_up if an operator has dismissed it.
Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
);
Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of
);
Result get_offer_by_slug_as_of(
    const ReadSide& reads, const TenantId& tenant, std::string_view slug, std::string_view as_of
);

}  // namespace vitrine::queries
