#include "queries/offers/get_offer.hpp"

#include <optional>

#include "projections/offer_versions/past_offers.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/offers/missing_version.hpp"

namespace vitrine::queries {
namespace {

/// What a product told before the offer's last event belongs to its version.
Position facts_since(Position last_event, Position facts) {
    return facts > last_event ? facts : 0;
}

Result answer_of(
    std::optional<projections::OfferDetail> offer,
    const TenantId& tenant,
    projections::OffersReader& reader
) {
    if (!offer)
        return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));
    reader.price(tenant, *offer);
    Answer answer;
    answer.body = std::move(offer->body);
    answer.version = offer->version;
    answer.facts = facts_since(offer->position, offer->facts);
    answer.position = reader.position();
    return answer;
}

Result answer_of(
    projections::PastOffers& offers,
    const TenantId& tenant,
    const std::optional<projections::OfferState>& offer,
    Position at
) {
    if (!offer)
        return std::unexpected(
            not_found({"there was no such offer then", "esta oferta não existia então"})
        );
    auto priced = offers.price(tenant, *offer, at);
    Answer answer;
    answer.body = std::move(priced.body);
    answer.version = offer->version;
    answer.facts = facts_since(offer->position, priced.facts);
    answer.position = at;
    return answer;
}

/// nullopt: the read model is not that far.
std::optional<projections::PastOffers> past_offers(const ReadSide& reads, Position upto) {
    auto lease = reads.projections.read_model(offer_versions_model).lease();
    if (!lease || lease->position() < upto) return std::nullopt;
    return projections::PastOffers(*std::move(lease));
}

enum class GivenUp { is_refused, is_passed_over };

/// The version of then, if the read model has it: an earlier one would pass for it.
Result answer_of(
    const ReadSide& reads,
    projections::PastOffers& offers,
    const TenantId& tenant,
    const OfferId& id,
    const std::optional<projections::OfferState>& offer,
    Position at,
    GivenUp given_up
) {
    const auto last = last_event_of(reads, tenant, id, at);
    if (last && (!offer || offer->position != last->position)) {
        auto error = why_missing(reads, offer_versions_model, *last);
        const bool passed_over =
            given_up == GivenUp::is_passed_over && error.kind == QueryError::Kind::given_up;
        if (!passed_over) return std::unexpected(std::move(error));
    }
    return answer_of(offers, tenant, offer, at);
}

Result get_past_offer(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const AsOf& as_of,
    GivenUp given_up
) {
    if (!as_of) return std::unexpected(as_of.error());
    const auto at = as_of->position;
    auto offers = past_offers(reads, at);
    if (!offers) return std::unexpected(not_ready());
    return answer_of(reads, *offers, tenant, id, offers->find(tenant, id, at), at, given_up);
}

}  // namespace

Result get_offer(const ReadSide& reads, const TenantId& tenant, const OfferId& id) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find(tenant, id), tenant, offers);
}

Result get_offer_by_slug(const ReadSide& reads, const TenantId& tenant, std::string_view slug) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find_by_slug(tenant, slug), tenant, offers);
}

Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, const AsOf& as_of
) {
    return get_past_offer(reads, tenant, id, as_of, GivenUp::is_refused);
}

Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, const AsOf& as_of
) {
    return get_past_offer(reads, tenant, id, as_of, GivenUp::is_passed_over);
}

Result get_offer_by_slug_as_of(
    const ReadSide& reads, const TenantId& tenant, std::string_view slug, const AsOf& as_of
) {
    if (!as_of) return std::unexpected(as_of.error());
    const auto at = as_of->position;
    auto offers = past_offers(reads, at);
    if (!offers) return std::unexpected(not_ready());
    const auto offer = offers->find_by_slug(tenant, slug, at);
    if (!offer) return answer_of(*offers, tenant, offer, at);
    const OfferId id(offer->offer_id);
    return answer_of(reads, *offers, tenant, id, offer, at, GivenUp::is_passed_over);
}

}  // namespace vitrine::queries
