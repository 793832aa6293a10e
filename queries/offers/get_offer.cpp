#include "queries/offers/get_offer.hpp"

#include <functional>

#include "projections/offers/history.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

constexpr std::size_t page = 500;

Result answer_of(std::optional<projections::OfferDetail> offer, Position position) {
    if (!offer) return std::unexpected(not_found("there is no such offer"));
    Answer answer;
    answer.body = std::move(offer->body);
    answer.version = offer->version;
    answer.position = std::max(position, offer->position);
    return answer;
}

/// The offer after the events of its stream for which `wanted` holds, from the first on.
projections::OfferHistory fold_while(
    store::EventStore& store,
    const TenantId& tenant,
    const OfferId& id,
    const std::function<bool(const store::RecordedEvent&)>& wanted
) {
    projections::OfferHistory history;
    const auto stream = events::stream_of(id);
    Version from = 1;
    for (;;) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& event : events) {
            if (!wanted(event)) return history;
            history.apply(event);
        }
        if (events.size() < page) return history;
        from = events.back().version + 1;
    }
}

Result answer_of(const projections::OfferHistory& history) {
    Answer answer;
    answer.body = history.body();
    answer.version = history.version();
    answer.position = history.position();
    return answer;
}

}  // namespace

Result get_offer(const ReadSide& reads, const TenantId& tenant, const OfferId& id) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find(tenant, id), offers.position());
}

Result get_offer_by_slug(const ReadSide& reads, const TenantId& tenant, std::string_view slug) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*lease));
    return answer_of(offers.find_by_slug(tenant, slug), offers.position());
}

Result get_offer_as_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
) {
    const auto version = parse_number(as_of_version);
    if (!version || *version == 0) {
        return std::unexpected(
            invalid({{"/as_of_version", "invalid", "as_of_version is a whole number from 1"}})
        );
    }
    const auto history = fold_while(reads.store, tenant, id, [&](const auto& event) {
        return event.version <= *version;
    });
    if (!history.exists()) return std::unexpected(not_found("there is no such offer"));
    if (history.version() < *version) {
        return std::unexpected(invalid(
            {{"/as_of_version",
              "out_of_range",
              "the offer is at version " + std::to_string(history.version())}}
        ));
    }
    return answer_of(history);
}

Result get_offer_as_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of
) {
    const auto time = parse_time(as_of);
    if (!time) {
        return std::unexpected(
            invalid({{"/as_of", "invalid", "as_of is a time like 2011-04-01T03:00:00Z"}})
        );
    }
    if (*time > reads.clock()) {
        return std::unexpected(invalid({{"/as_of", "out_of_range", "as_of is in the future"}}));
    }
    const auto history = fold_while(reads.store, tenant, id, [&](const auto& event) {
        return event.recorded_at <= *time;
    });
    if (!history.exists()) {
        return std::unexpected(not_found("there was no such offer at that time"));
    }
    return answer_of(history);
}

}  // namespace vitrine::queries
