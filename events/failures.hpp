#pragma once

#include <string>

#include "core/ids.hpp"
#include "events/describe.hpp"
#include "events/type_name.hpp"

namespace vitrine::events {

/// What an attempt was about, whatever it is: {"offer", "0190…"} stands in the JSON as `offer_id`.
struct Subject {
    std::string entity;
    std::string id;
    bool operator==(const Subject&) const = default;
};

/// An attempt that came to nothing. It stands in the stream command-<command_id>, so that the
/// entity's own stream holds only what happened to it. All failure types share this shape.
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
        {"CustomerRegistrationFailed", "command"},
        {"CustomerChangeFailed", "command"},
        {"CustomerTagFailed", "command"},
        {"CustomerUntagFailed", "command"},
    };
    TypeName<event_types> type;
    Subject subject;
    std::string reason;         // a sentence; the platform's own words where it gave some
    std::string failure_class;  // refused, conflict, missing, credentials, unavailable
    CorrelationId correlation_id;
    bool operator==(const CommandFailed&) const = default;
};
BOOST_DESCRIBE_STRUCT(CommandFailed, (), (subject, reason, failure_class, correlation_id))

template <>
inline constexpr bool stands_flat<&CommandFailed::subject> = true;
template <>
inline constexpr std::string_view json_name<&CommandFailed::failure_class> = "class";

}  // namespace vitrine::events
