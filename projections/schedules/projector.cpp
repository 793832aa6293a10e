#include <algorithm>

#include "events/processes.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

/// What is scheduled, and what became of it.
struct ScheduledStep {
    std::string_view name;    // of the effect that does it
    std::string_view member;  // when it is due
    std::string at;           // empty: it is not scheduled
    std::string outcome;      // empty: not due yet; "running", or see events::effect_outcome
};

struct ScheduleRow : StreamRow {
    static constexpr std::string_view category = "schedule", table = "schedules";

    bool read(std::string_view name, json::value value) {
        if (name == "offer_id") {  // the first member of what it is told by, and of its own
            offer_id = text_of(value);
            former = steps;
            for (auto& step : steps) step.at.clear();
        } else if (name == "revision") {
            revision = number_of(value);
        } else if (name == "reason") {
            reason = text_of(value);
        } else if (name == "outcomes") {
            for (auto field : object_of(value)) {
                const std::string_view of = field.unescaped_key();
                if (auto* step = step_of(of)) step->outcome = text_of(field.value());
            }
        } else if (auto* step = std::ranges::find(steps, name, &ScheduledStep::member);
                   step != steps.end()) {
            step->at = text_of(value);
        } else {
            return read_general(name, value);
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (event.type == "OfferScheduled") {
            status = "scheduled";
            ++revision;
            reason.clear();
            for (auto& step : steps) step.outcome.clear();
        } else if (event.type == "OfferScheduleCancelled") {
            status = "cancelled";
            steps = former;
        } else if (event.type == "ProcessEffectIntended") {
            set_outcome("running");
        } else if (event.type == "ProcessEffectEnded") {
            set_outcome(told.outcome);
        } else if (event.type == "ProcessWaiting" && status != "cancelled") {
            status = told.state == events::process_state::done      ? "done"
                     : told.state == events::process_state::blocked ? "blocked"
                                                                    : "scheduled";
        }
        told = {};
    }

    void write(std::string& out) const {
        append_text(out, "offer_id", offer_id);
        append_number(out, "revision", revision);
        std::string outcomes = "{", next;
        for (const auto& step : steps) {
            if (!step.at.empty()) append_text(out, step.member, step.at);
            if (!step.outcome.empty()) append_text(outcomes, step.name, step.outcome);
            const bool is_to_come = !step.at.empty() && step.outcome.empty();
            if (is_to_come && next.empty()) next = step.at;
        }
        if (!next.empty() && (status == "scheduled" || status == "blocked"))
            append_text(out, "next_at", next);
        append_raw(out, "outcomes", outcomes + '}');
        if (!reason.empty()) append_text(out, "reason", reason);
    }

    std::string words() const { return offer_id; }
    std::size_t bytes() const { return sizeof(ScheduleRow) + offer_id.size() + reason.size(); }

private:
    using Steps = std::array<ScheduledStep, 3>;

    ScheduledStep* step_of(std::string_view effect) {
        auto* step = std::ranges::find(steps, effect, &ScheduledStep::name);
        return step == steps.end() ? nullptr : step;
    }

    bool read_general(std::string_view name, json::value value) {
        if (name == "effect") {
            told.effect = text_of(value);
        } else if (name == "key") {
            told.key = text_of(value);
        } else if (name == "outcome") {
            told.outcome = text_of(value);
        } else if (name == "state") {
            told.state = text_of(value);
        } else {
            return false;
        }
        return true;
    }

    /// Of the effect that was told of, if it is of what is scheduled now.
    void set_outcome(std::string_view outcome) {
        auto* step = step_of(told.effect);
        if (step != nullptr && told.key == std::to_string(revision)) step->outcome = outcome;
    }

    std::string offer_id, reason;
    std::int64_t revision = 0;  // how often the offer was scheduled: the key of its effects
    Steps steps{
        {{"activate", "activate_at", {}, {}},
         {"pause", "pause_at", {}, {}},
         {"archive", "archive_at", {}, {}}}
    };
    Steps former = steps;
    struct {
        std::string effect, key, outcome, state;
    } told;  // by the general event that is being read
};

}  // namespace

Projection schedules_projection() {
    auto projection = per_stream<ScheduleRow>(1);
    for (const auto& type : events::catalogue()) {
        if (type.category == events::category_of_events<events::ProcessEvent>)
            projection.event_types.emplace_back(type.name);
    }
    return projection;
}

}  // namespace vitrine::projections
