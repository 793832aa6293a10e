#pragma once

#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/moment.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}: one row of the read model. Microseconds; runs on the caller's thread.
Result get_offer(const ReadSide& reads, const TenantId& tenant, const OfferId& id);

/// GET /v1/offers?slug=
Result get_offer_by_slug(const ReadSide& reads, const TenantId& tenant, std::string_view slug);

/// The offer as it was, from the row versions of the read model. not_ready if the read model is not
/// that far, or the event that was its last then is parked; one that an operator has dismissed is
/// passed over.
Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, const AsOf& as_of
);
Result get_offer_by_slug_as_of(
    const ReadSide& reads, const TenantId& tenant, std::string_view slug, const AsOf& as_of
);

/// Likewise at the moment of a version, but given_up if that one was dismissed.
Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, const AsOf& as_of
);

}  // namespace vitrine::queries
