#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"

namespace vitrine::events {

/// An attempt that came to nothing. It stands in the stream command-<command_id>, so that the
/// entity's own stream holds only what happened to it. All failure types share this shape; `type`
/// is the event's type: ProductCreationFailed, ProductEditFailed, OfferCreationFailed,
/// OfferEditFailed, OfferActivationFailed, OfferPauseFailed, OfferArchiveFailed,
/// ProductInOfferAddFailed, ProductInOfferChangeFailed, ProductInOfferRemoveFailed.
struct CommandFailed {
    std::string type;
    std::optional<OfferId> offer_id;
    std::optional<ProductId> product_id;
    std::string reason;  // a sentence; the platform's own words where it gave some
    std::string
        failure_class;  // "class" in the JSON: refused, conflict, missing, credentials, unavailable
    CorrelationId correlation_id;
    bool operator==(const CommandFailed&) const = default;
};

}  // namespace vitrine::events
