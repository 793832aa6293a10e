#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "events/envelope.hpp"
#include "events/failures.hpp"
#include "events/offers.hpp"
#include "events/orders.hpp"
#include "events/products.hpp"
#include "events/projections.hpp"
#include "events/tenants.hpp"
#include "events/unreadable_event.hpp"
#include "events/webhooks.hpp"

namespace vitrine::events {

using Event = std::variant<OfferEvent, ProductEvent, CommandFailed, ProjectionEvent>;

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

/// The event at its present schema, older payloads upcast. nullopt: the type is not of that
/// aggregate. Throws UnreadableEvent.
std::optional<OfferEvent> decode_offer_event(const RecordedEvent& event);
std::optional<ProductEvent> decode_product_event(const RecordedEvent& event);
std::optional<CommandFailed> decode_failure(const RecordedEvent& event);
std::optional<ClubifyWebhookReceived> decode_webhook(const RecordedEvent& event);
std::optional<ClubifyOrderEvent> decode_order_event(const RecordedEvent& event);
std::optional<ProjectionEvent> decode_projection_event(const RecordedEvent& event);
std::optional<TenantEvent> decode_tenant_event(const RecordedEvent& event);

}  // namespace vitrine::events
