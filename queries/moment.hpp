#pragma once

#include <expected>
#include <string_view>

#include "projections/offer_versions/past_offers.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// The past that a request asks about, or why it cannot be told. Read once for each request, so
/// that all that answers it means the same moment.
using AsOf = std::expected<projections::Moment, QueryError>;

/// `as_of` as it came: a position of the log or a time (RFC 3339), by when events were recorded.
/// Neither is after the end. `invalid` names /as_of. Of a time: blocks as position_at does.
AsOf read_moment(const ReadSide& reads, std::string_view as_of);

/// When the offer came to that version. `as_of_version` as it came: a number from 1 to the offer's
/// present version. `invalid` names /as_of_version; not_found if there is no such offer.
AsOf read_moment_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
);

}  // namespace vitrine::queries
