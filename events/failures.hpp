#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "events/describe.hpp"

namespace vitrine::events {

/// An attempt that came to nothing. It stands in the stream command-<command_id>, so that the
/// entity's own stream holds only what happened to it. All failure types share this shape; `type`
/// is the event's.
struct CommandFailed {
    static constexpr EventName event_types[] = {
        {"ProductCreationFailed", "command"},
        {"ProductEditFailed", "command"},
        {"ProductArchiveFailed", "command"},
        {"OfferCreationFailed", "command"},
        {"OfferEditFailed", "command"},
        {"OfferActivationFailed", "command"},
        {"OfferPauseFailed", "command"},
        {"OfferArchiveFailed", "command"},
        {"ProductInOfferAddFailed", "command"},
        {"ProductInOfferChangeFailed", "command"},
        {"ProductInOfferRemoveFailed", "command"},
    };
    std::string type;
    std::optional<OfferId> offer_id;
    std::optional<ProductId> product_id;
    std::string reason;         // a sentence; the platform's own words where it gave some
    std::string failure_class;  // refused, conflict, missing, credentials, unavailable
    CorrelationId correlation_id;
    bool operator==(const CommandFailed&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CommandFailed, (), (offer_id, product_id, reason, failure_class, correlation_id)
)

template <>
inline constexpr std::string_view json_name<&CommandFailed::failure_class> = "class";

}  // namespace vitrine::events
