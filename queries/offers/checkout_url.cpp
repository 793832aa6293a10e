#include "queries/offers/checkout_url.hpp"

#include <nlohmann/json.hpp>

#include "core/async.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using Url = clubify::Result<clubify::CheckoutUrl>;

QueryError error_of(const clubify::CallError& failure) {
    using From = clubify::CallError::Kind;
    using To = QueryError::Kind;
    QueryError error;
    error.detail = failure.message;
    error.retry_after = failure.retry_after;
    switch (failure.kind) {
        case From::refused:
            error.kind = To::refused;
            break;
        case From::credentials:
            error.kind = To::credentials;
            break;
        case From::unavailable:
        case From::not_sent:
            error.kind = To::unavailable;
            break;
        case From::unknown:
            error.kind = To::timed_out;
            break;
    }
    return error;
}

struct Found {
    std::optional<projections::OfferDetail> offer;
    Position position = 0;
};

Found find_offer(projections::Lease lease, const TenantId& tenant, const OfferId& id) {
    projections::OffersReader offers(std::move(lease));
    return {offers.find(tenant, id), offers.position()};
}

boost::asio::awaitable<Result> make_url(
    const ReadSide* reads, LiveMetrics* live, TenantId tenant, OfferId id, clubify::UtmParams utm
) {
    auto lease = reads->projections.read_model(offers_model).lease();
    if (!lease) co_return std::unexpected(not_ready());
    const auto found = find_offer(std::move(*lease), tenant, id);
    if (!found.offer)
        co_return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));
    const auto ask = [&](Completion<Url> done) {
        live->ask_url(tenant, found.offer->clubify_offer_id, utm, std::move(done));
    };
    const auto url = co_await wait_for_completion<Url>(ask);
    if (!url) co_return std::unexpected(error_of(url.error()));
    Json json;
    json["checkout_url"] = url->checkout_url;
    json["short_url"] = url->short_url;
    json["qr_code"] = url->qr_code;
    Answer answer;
    answer.position = found.position;
    answer.body = json.dump();
    co_return answer;
}

}  // namespace

boost::asio::awaitable<Result> checkout_url(
    const ReadSide& reads, LiveMetrics& live, TenantId tenant, OfferId id, clubify::UtmParams utm
) {
    return make_url(&reads, &live, std::move(tenant), std::move(id), std::move(utm));
}

}  // namespace vitrine::queries
