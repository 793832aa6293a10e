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

/// The offer as it was, folded from its stream: `as_of_version` is a number from 1 to its present
/// version, `as_of` a time (RFC 3339) that is not in the future. Both as they came in. Reads the
/// log on the caller's thread.
Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
);
Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of
);

}  // namespace vitrine::queries
