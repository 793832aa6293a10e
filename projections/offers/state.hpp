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

/// Groups of an offer's members that an event replaces together. `identity` never changes; version,
/// position and updated_at come with it though they do.
enum class OfferMembers : unsigned {
    none = 0,
    identity = 1,
    name = 2,
    description = 4,
    status = 8,  // with the times of activation and archiving
    products = 16,
    configuration = 32,
    metadata = 64,
    all = 127,
};
constexpr OfferMembers operator|(OfferMembers a, OfferMembers b) {
    return static_cast<OfferMembers>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(OfferMembers members, OfferMembers one) {
    return (static_cast<unsigned>(members) & static_cast<unsigned>(one)) != 0;
}

/// An offer as its events left it. Parts that nobody filters by stay the JSON text they came as.
struct OfferState {
    // What every event touches lies together.
    Version version = 0;  // 0: no such offer
    Position position = 0;
    Timestamp created_at, updated_at, activated_at, archived_at;  // the epoch: not yet
    std::string status, name;
    std::vector<OfferLine> products;
    std::string description;  // JSON; this and the following: empty when absent
    std::string settings, theme, layout, seo, tracking;
    std::string metadata;
    std::string offer_id, slug, type, currency, clubify_offer_id;

    std::size_t bytes() const;
};

/// Applies events of an offer's stream, in order, to its state; those it has seen change nothing.
/// One thread uses it. Throws std::runtime_error for an event that is not what its type promises.
class OfferFold {
public:
    /// False: the state has seen the event. `changed` are the members that have another value now.
    bool apply(OfferState& state, const events::RecordedEvent& event, OfferMembers& changed);
    bool apply(OfferState& state, const events::RecordedEvent& event) {
        auto ignored = OfferMembers::none;
        return apply(state, event, ignored);
    }

    /// Puts the members that `render` wrote into the state; others stay.
    void read(OfferState& state, std::string_view rendered);

private:
    OfferMembers fold(OfferState& state, const events::RecordedEvent& event);
    Payload payload_;
};

/// The JSON that GET /v1/offers/{id} answers.
std::string render(const OfferState& state);

/// Appends those members of it, as an object; unless they are all, null for what it does not have.
void append_rendered(std::string& out, const OfferState& state, OfferMembers members);

/// The text that an offer is searched and sorted by: its folded name, a space, its slug.
std::string search_text(const OfferState& state);

}  // namespace vitrine::projections
