#include "events/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace vitrine::events {

std::span<const EventType> catalogue() {
    static const std::vector<EventType> types = {
        {"ProductCreated", "product", {}},
        {"ProductEdited", "product", {}},
        {"ProductPriceChanged", "product", {}},
        {"ProductAdopted", "product", {}},
        {"OfferCreated", "offer", {}},
        {"OfferEdited", "offer", {}},
        {"OfferActivated", "offer", {}},
        {"OfferPaused", "offer", {}},
        {"OfferArchived", "offer", {}},
        {"ProductAddedToOffer", "offer", {}},
        {"ProductInOfferChanged", "offer", {}},
        {"ProductRemovedFromOffer", "offer", {}},
        {"OfferAdopted", "offer", {}},
        {"ProductCreationFailed", "command", {}},
        {"ProductEditFailed", "command", {}},
        {"OfferCreationFailed", "command", {}},
        {"OfferEditFailed", "command", {}},
        {"OfferActivationFailed", "command", {}},
        {"OfferPauseFailed", "command", {}},
        {"OfferArchiveFailed", "command", {}},
        {"ProductInOfferAddFailed", "command", {}},
        {"ProductInOfferChangeFailed", "command", {}},
        {"ProductInOfferRemoveFailed", "command", {}},
        {"ClubifyWebhookReceived", "webhook", {}},
        {"ClubifyOrderCreated", "order", {}},
        {"ClubifyOrderPaid", "order", {}},
        {"ClubifyOrderCompleted", "order", {}},
        {"ClubifyOrderCancelled", "order", {}},
        {"ClubifyOrderRefunded", "order", {}},
        {"ClubifyPaymentPaid", "payment", {}},
        {"ClubifyPaymentFailed", "payment", {}},
        {"ClubifyPaymentRefunded", "payment", {}},
        {"ParkedStreamRetried", "projection", {}},
        {"ParkedStreamDismissed", "projection", {}},
        {"TenantRegistered", "tenant", {}},
        {"TenantChanged", "tenant", {}},
        {"TenantRetired", "tenant", {}},
    };
    return types;
}

const EventType* find_event_type(std::string_view name) {
    const auto types = catalogue();
    const auto found = std::ranges::find(types, name, &EventType::name);
    return found == types.end() ? nullptr : &*found;
}

std::string upcast(const EventType& type, int schema, std::string data) {
    if (schema < 1 || schema > type.schema()) {
        throw std::runtime_error(
            std::string(type.name) + " has schema " + std::to_string(schema) +
            ", but this program knows 1 to " + std::to_string(type.schema())
        );
    }
    for (auto step = static_cast<std::size_t>(schema - 1); step < type.upcasters.size(); ++step) {
        data = type.upcasters[step](std::move(data));
    }
    return data;
}

}  // namespace vitrine::events
