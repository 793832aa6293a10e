#pragma once

#include <expected>
#include <string_view>

#include "projections/offer_versions/past_offers.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// `as_of` as it came: a position of the log or a time (RFC 3339), by when events were recorded.
/// Neither is after the end. `invalid` names /as_of.
std::expected<projections::Moment, QueryError> read_moment(
    const ReadSide& reads, std::string_view as_of
);

}  // namespace vitrine::queries
