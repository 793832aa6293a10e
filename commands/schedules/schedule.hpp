#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "commands/offers/offer.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/processes.hpp"
#include "events/schedules.hpp"

// The write model of what is scheduled for one offer. Pure.
namespace vitrine::commands {

/// At least one of them, in the future and in this order; in the place of what was scheduled.
struct ScheduleOffer {
    std::optional<std::string> activate_at;  // RFC 3339, with an offset
    std::optional<std::string> pause_at;
    std::optional<std::string> archive_at;
};

struct CancelSchedule {
    std::optional<std::string> reason;
};

/// What decide must know of a schedule.
struct ScheduleState {
    Version version = 0;  // 0: nothing was ever scheduled
    OfferId offer_id;
    std::optional<Timestamp> activate_at, pause_at, archive_at;
    bool open = false;  // not cancelled, and not all has happened
};

/// The offer that it is about, and the time that it is now.
struct ScheduledOffer {
    std::optional<OfferStatus> status;  // nullopt: there is no such offer
    Timestamp now;
};

using ScheduleEvents = std::vector<events::ScheduleEvent>;
using ScheduleDecision = std::expected<ScheduleEvents, Rejection>;

ScheduleDecision decide(
    const ScheduleOffer& command, const ScheduleState& state, const ScheduledOffer& offer
);  // no events: so already
ScheduleDecision decide(const CancelSchedule& command, const ScheduleState& state);

ScheduleState evolve(ScheduleState state, const events::ScheduleEvent& event);
/// What the process noted beside them.
ScheduleState evolve(ScheduleState state, const events::ProcessEvent& event);

}  // namespace vitrine::commands
