#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "events/customers.hpp"
#include "events/describe.hpp"
#include "events/person_text.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// A webhook of the platform as it came, its signature found good. Alone in the stream
/// webhook-<delivery id>, so that the same delivery is kept once.
struct ClubifyWebhookReceived {
    static constexpr std::string_view event_type = "ClubifyWebhookReceived";
    static constexpr std::string_view person = "customer_id";
    std::string delivery_id;
    std::string event;    // the platform's name: "order.completed"
    Timestamp sent_at;    // as the platform says
    PersonText raw;       // the body, byte for byte; open before 2026-11-30
    std::string ignored;  // why no event of ours came of it; empty: one did
    std::string unclear;  // what was not understood of it; empty: nothing
    /// The one of both that counts (unclear before ignored) in Portuguese. Absent before
    /// 2026-11-29.
    std::string reason_pt;
    /// Whom it names: the body is sealed under their key, else under that of the month. Absent
    /// where nobody here is known to be meant, and before 2026-11-30.
    std::optional<CustomerId> customer_id;
    bool operator==(const ClubifyWebhookReceived&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ClubifyWebhookReceived,
    (),
    (delivery_id, event, sent_at, raw, ignored, unclear, reason_pt, customer_id)
)

template <>
inline constexpr std::string_view category_of_events<ClubifyWebhookReceived> = "webhook";
template <>
inline constexpr bool absent_when_empty<&ClubifyWebhookReceived::ignored> = true;
template <>
inline constexpr bool absent_when_empty<&ClubifyWebhookReceived::unclear> = true;
template <>
inline constexpr bool absent_when_empty<&ClubifyWebhookReceived::reason_pt> = true;

}  // namespace vitrine::events
