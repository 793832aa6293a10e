#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name. What became of a
// schedule stands in the same stream, as the general events of its process (events/processes.hpp).
namespace vitrine::events {

/// What is to happen to the offer, and when; in the place of what was scheduled before.
struct OfferScheduled {
    static constexpr std::string_view event_type = "OfferScheduled";
    OfferId offer_id;
    std::optional<Timestamp> activate_at;
    std::optional<Timestamp> pause_at;
    std::optional<Timestamp> archive_at;
    bool operator==(const OfferScheduled&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferScheduled, (), (offer_id, activate_at, pause_at, archive_at))

/// What has not happened yet happens no more.
struct OfferScheduleCancelled {
    static constexpr std::string_view event_type = "OfferScheduleCancelled";
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferScheduleCancelled&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferScheduleCancelled, (), (offer_id, reason))

using ScheduleEvent = std::variant<OfferScheduled, OfferScheduleCancelled>;

template <>
inline constexpr std::string_view category_of_events<ScheduleEvent> = "schedule";

}  // namespace vitrine::events
