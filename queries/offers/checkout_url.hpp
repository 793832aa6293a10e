#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/ids.hpp"
#include "gateways/clubify/clubify.hpp"
#include "queries/answer.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/checkout-url -> {"checkout_url","short_url","qr_code"}. Cached and
/// coalesced.
boost::asio::awaitable<Result> checkout_url(
    const ReadSide& reads, LiveMetrics& live, TenantId tenant, OfferId id, clubify::UtmParams utm
);

}  // namespace vitrine::queries
