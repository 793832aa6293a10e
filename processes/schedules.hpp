#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/processes.hpp"
#include "events/schedules.hpp"
#include "processes/process.hpp"

namespace vitrine::processes {

/// The process offer-schedule: does what is scheduled for an offer when it is due, by the ordinary
/// commands. Its id is the offer's.
///
/// One step comes after the other, however late the former was: an offer that was to be activated
/// and paused while nothing ran is activated, then paused. A step that the offer's status does not
/// allow is passed over, since the offer is where it was to be, or somebody else has decided; one
/// that failed for another reason blocks the process until somebody does it by hand, schedules anew
/// or cancels. When the offer is archived its schedule ends.
struct OfferSchedule {
    static constexpr std::string_view kind = "offer-schedule";
    static constexpr std::string_view category = "schedule";
    static constexpr std::string_view facts[] = {"OfferActivated", "OfferPaused", "OfferArchived"};

    /// Named by its effect, which is its timer's name too.
    struct Step {
        std::string_view name;
        std::optional<Timestamp> at;  // nullopt: it is not scheduled
        bool is_due = false;
        std::string_view outcome = {};  // see events::effect_outcome; empty: it has not ended
        bool passed_over = false;       // the offer's status did not allow it
        Phrase why_not = {};

        bool is_to_come() const { return at && outcome.empty(); }
        bool has_failed() const {
            return !outcome.empty() && outcome != events::effect_outcome::done && !passed_over;
        }
    };
    enum : std::size_t { activate, pause, archive };

    struct State {
        OfferId offer_id;
        std::int64_t revision = 0;  // how often the offer was scheduled: the key of its effects
        std::array<Step, 3> steps{{{"activate", {}}, {"pause", {}}, {"archive", {}}}};
        bool cancelled = false;
    };
    using Event = events::ScheduleEvent;

    static State evolve(State state, const Event& event);
    static State evolve(State state, const events::ProcessEvent& event);
    static ReactionOf<Event> react(const State& state, const Signal& signal);
    static Wanted wanted(const State& state);
    static std::vector<Routed> signals(const events::RecordedEvent& event);
};

}  // namespace vitrine::processes
