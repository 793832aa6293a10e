#include "queries/offers/get_offer.hpp"

#include <optional>

#include "projections/offer_versions/past_offers.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/moment.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

Result answer_of(
    std::optional<projections::OfferDetail> offer, const projections::OffersReader& reader
) {
    if (!offer) return std::unexpected(not_found("there is no such offer"));
    Answer answer;
    answer.body = std::move(offer->body);
    answer.version = offer->version;
    answer.position = reader.position();
    return answer;
}

Result answer_of(const std::optional<projections::OfferState>& offer, Position position) {
    if (!offer) return std::unexpected(not_found("there was no such offer then"));
    Answer answer;
    answer.body = projections::render(*offer);
    answer.version = offer->version;
    answer.position = position;
    return answer;
}

/// nullopt: the read model is not that far.
std::optional<projections::PastOffers> past_offers(const ReadSide& reads, Position upto) {
    auto lease = reads.projections.read_model(offer_versions_model).lease();
    if (!lease || lease->position() < upto) return std::nullopt;
    return projections::PastOffers(*std::move(lease));
}

}  // namespace

Result get_offer(const ReadSide& reads, const TenantId& tenant, const OfferId& id) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find(tenant, id), offers);
}

Result get_offer_by_slug(const ReadSide& reads, const TenantId& tenant, std::string_view slug) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find_by_slug(tenant, slug), offers);
}

Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
) {
    const auto version = read_version(reads, tenant, id, as_of_version);
    if (!version) return std::unexpected(version.error());
    auto offers = past_offers(reads, 0);
    if (!offers) return std::unexpected(not_ready());
    const auto offer = offers->find_version(tenant, id, *version);
    if (!offer || offer->version < *version) return std::unexpected(not_ready());
    return answer_of(offer, offers->position());
}

Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of
) {
    const auto moment = read_moment(reads, as_of);
    if (!moment) return std::unexpected(moment.error());
    auto offers = past_offers(reads, moment->position);
    if (!offers) return std::unexpected(not_ready());
    return answer_of(offers->find(tenant, id, moment->position), moment->position);
}

Result get_offer_by_slug_as_of(
    const ReadSide& reads, const TenantId& tenant, std::string_view slug, std::string_view as_of
) {
    const auto moment = read_moment(reads, as_of);
    if (!moment) return std::unexpected(moment.error());
    auto offers = past_offers(reads, moment->position);
    if (!offers) return std::unexpected(not_ready());
    return answer_of(offers->find_by_slug(tenant, slug, moment->position), moment->position);
}

}  // namespace vitrine::queries
