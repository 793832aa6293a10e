#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "commands/offers/offer.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/rulebooks.hpp"

// The write model of what buyers of an offer are shown beside it: drafted, and published. Pure but
// for revision_at.
namespace vitrine::commands {

struct SetBump {
    events::Bump bump;
};
struct DeleteBump {
    std::string bump;
    std::optional<std::string> reason;
};
struct PublishRevision {
    std::optional<std::string> effective_at;  // RFC 3339; absent: now
    std::string grandfathering = "keep";
    std::optional<std::int64_t> max_bumps;  // absent: as many as before
};

struct RulebookState {
    Version version = 0;  // 0: nothing was ever drafted
    OfferId offer_id;
    std::map<std::string, events::Bump> bumps;          // drafted, by name
    std::optional<events::RevisionPublished> revision;  // the last one
};

/// Of other streams: the offer, and the products that the bumps name.
struct RulebookFacts {
    OfferState offer;  // version 0: there is none
    KnownProducts products;
    Timestamp now;
};

/// How many an offer may have.
inline constexpr std::size_t most_bumps = 50;

using RulebookEvents = std::vector<events::RulebookEvent>;
using RulebookDecision = std::expected<RulebookEvents, Rejection>;

/// No events: so already.
RulebookDecision decide(
    const SetBump& command, const RulebookState& state, const RulebookFacts& facts
);
RulebookDecision decide(const DeleteBump& command, const RulebookState& state);
/// All faults of what is drafted at once, with pointers to "/bumps/<name>/…". No events: the last
/// revision is so already.
RulebookDecision decide(
    const PublishRevision& command, const RulebookState& state, const RulebookFacts& facts
);

RulebookState evolve(RulebookState state, const events::RulebookEvent& event);

/// The revision that counts for what begins at that time; nullopt: none.
std::optional<std::int64_t> revision_at(
    store::EventStore& store, const TenantId& tenant, const OfferId& offer, Timestamp now
);

/// The form of a bump's name.
bool is_bump_name(std::string_view text);

}  // namespace vitrine::commands
