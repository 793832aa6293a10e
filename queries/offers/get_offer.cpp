#include "queries/offers/get_offer.hpp"

#include <algorithm>
#include <optional>
#include <string>

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

Position position_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, Version version
) {
    const auto events = reads.store.read_stream(
        tenant, events::stream_of(id), version, 1, store::Direction::forwards
    );
    return events.at(0).position;
}

/// Of a version, made by the event at `position`, that the read model does not have, though it may
/// have `reached` it.
QueryError why_missing(
    const ReadSide& reads,
    const TenantId& tenant,
    Version version,
    Position position,
    Position reached
) {
    auto error = not_ready();
    if (position > reached) return error;
    const auto parked = reads.projections.parked(offer_versions_model, tenant);
    const auto found = std::ranges::find(parked, position, &projections::ParkedEvent::position);
    if (found == parked.end()) return error;
    const bool given_up = found->state == projections::ParkedState::dismissed;
    if (given_up) {
        error.kind = QueryError::Kind::given_up;
        error.retry_after.reset();
    }
    error.detail = "version " + std::to_string(version) + ", the event at position " +
                   std::to_string(position) + ", " +
                   (given_up ? "was given up by an operator: "
                             : "is parked until an operator retries or dismisses it: ") +
                   found->reason;
    return error;
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
    const auto position = position_of(reads, tenant, id, *version);
    const auto offer = offers->find(tenant, id, position);
    if (!offer || offer->position != position) {
        return std::unexpected(why_missing(reads, tenant, *version, position, offers->position()));
    }
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
