#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/envelope.hpp"
#include "projections/payload.hpp"

namespace vitrine::projections {

/// A product as an offer has it: the JSON of its members, and what identifies it in the offer.
struct OfferLine {
    std::string clubify_product_id;
    std::string json;
};

/// An offer as its events left it. Parts that nobody filters by stay the JSON text they came as.
struct OfferState {
    std::string offer_id, name, slug, type, status, currency, clubify_offer_id;
    std::string description;  // JSON; this and the following: empty when absent
    std::vector<OfferLine> products;
    std::string settings, theme, layout, seo, tracking;
    std::string metadata;
    Timestamp created_at, updated_at, activated_at, archived_at;  // the epoch: not yet
    Version version = 0;                                          // 0: no such offer
    Position position = 0;

    std::size_t bytes() const;
};

/// Applies events of an offer's stream, in order, to its state; those it has seen change nothing.
/// One thread uses it. Throws std::runtime_error for an event that is not what its type promises.
class OfferFold {
public:
    /// True if the state has changed.
    bool apply(OfferState& state, const events::RecordedEvent& event);

    /// The state that `render` wrote as `body`.
    OfferState parse(std::string_view body);

private:
    void fold(OfferState& state, const events::RecordedEvent& event);
    Payload payload_;
};

/// The JSON that GET /v1/offers/{id} answers.
std::string render(const OfferState& state);

}  // namespace vitrine::projections
