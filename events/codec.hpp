#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "events/envelope.hpp"
#include "events/failures.hpp"
#include "events/keys.hpp"
#include "events/offers.hpp"
#include "events/orders.hpp"
#include "events/products.hpp"
#include "events/projections.hpp"
#include "events/tenants.hpp"
#include "events/unreadable_event.hpp"
#include "events/webhooks.hpp"

namespace vitrine::events {

struct Encoded {
    std::string type;
    int schema = 1;
    std::string data;
    bool operator==(const Encoded&) const = default;
};

Encoded encode(const OfferEvent& event);
Encoded encode(const ProductEvent& event);
Encoded encode(const CommandFailed& event);
Encoded encode(const ClubifyWebhookReceived& event);
Encoded encode(const ClubifyOrderEvent& event);
Encoded encode(const ProjectionEvent& event);
Encoded encode(const TenantEvent& event);
Encoded encode(const KeyEvent& event);

/// The event at its present schema, older payloads upcast. nullopt: its type is none of `Events`,
/// which is one of aggregates.hpp. Throws UnreadableEvent.
template <class Events>
std::optional<Events> decode(const RecordedEvent& event);

/// The event as this program would write it; nullopt: its type is not in the catalogue. Throws
/// UnreadableEvent.
std::optional<Encoded> decode_and_encode(const RecordedEvent& event);

}  // namespace vitrine::events
