#include "processes/schedules.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "processes/command_effects.hpp"

namespace vitrine::processes {
namespace {

using State = OfferSchedule::State;
using Step = OfferSchedule::Step;
namespace outcomes = events::effect_outcome;

/// What each step is, and what is said of it.
struct Words {
    std::string_view command;
    Term summary;   // of its effect
    Term its_time;  // that it waits for
    Term failed;    // "activation failed: …"
};

constexpr Words words[] = {
    {"ActivateOffer",
     {"Activate the offer", "Ativar a oferta"},
     {"the time to activate the offer", "a hora de ativar a oferta"},
     {"the offer could not be activated: {}", "não foi possível ativar a oferta: {}"}},
    {"PauseOffer",
     {"Pause the offer", "Pausar a oferta"},
     {"the time to pause the offer", "a hora de pausar a oferta"},
     {"the offer could not be paused: {}", "não foi possível pausar a oferta: {}"}},
    {"ArchiveOffer",
     {"Archive the offer", "Arquivar a oferta"},
     {"the time to archive the offer", "a hora de arquivar a oferta"},
     {"the offer could not be archived: {}", "não foi possível arquivar a oferta: {}"}},
};

/// A platform that is down is tried again for a day. Of a command that was sent and has not ended
/// the journal is asked, which costs nothing: often, and for as long as it may still end.
Retries retries() {
    using namespace std::chrono_literals;
    Retries retries;
    retries.pauses = {
        5s, 30s, 2min, 10min, 30min, 1h, 1h, 1h, 1h, 1h, 2h, 2h, 2h, 2h, 2h, 2h, 2h, 2h, 2h
    };
    retries.doubts.assign(10, 1min);
    retries.doubts.insert(retries.doubts.end(), 18, 5min);
    retries.doubts.insert(retries.doubts.end(), 24, 1h);
    retries.doubts.insert(retries.doubts.end(), 5, 24h);
    return retries;
}

/// The status of an offer that a step leads to is told by that fact.
std::size_t step_told_by(std::string_view fact) {
    return static_cast<std::size_t>(
        std::ranges::find(OfferSchedule::facts, fact) - std::begin(OfferSchedule::facts)
    );
}

const Step* next_step(const State& state) {
    const auto* next = std::ranges::find_if(state.steps, &Step::is_to_come);
    return next == state.steps.end() ? nullptr : next;
}

/// The last step that has ended, if it failed.
const Step* failed_step(const State& state) {
    const auto has_ended = [](const Step& step) { return !step.outcome.empty(); };
    const Step* last = nullptr;
    for (const auto& step : state.steps) {
        if (has_ended(step)) last = &step;
    }
    return last != nullptr && last->has_failed() ? last : nullptr;
}

bool is_under_way(const State& state) {
    const auto* next = next_step(state);
    return !state.cancelled && next != nullptr && next->is_due;
}

bool is_over(const State& state) {
    return state.cancelled || (next_step(state) == nullptr && failed_step(state) == nullptr);
}

Step* step_named(State& state, std::string_view name) {
    auto* step = std::ranges::find(state.steps, name, &Step::name);
    return step == state.steps.end() ? nullptr : step;
}

std::string_view outcome_of(const events::ProcessEffectEnded& ended) {
    if (ended.outcome == outcomes::done) return outcomes::done;
    if (ended.outcome == outcomes::unknown) return outcomes::unknown;
    return ended.outcome == outcomes::refused ? outcomes::refused : outcomes::not_done;
}

Phrase why_not(const events::ProcessEffectEnded& ended) {
    if (ended.detail.empty()) return Phrase::as_is(ended.problem);
    return {ended.detail, ended.detail_pt.empty() ? ended.detail : ended.detail_pt};
}

Phrase fill(const Term& pattern, const Phrase& part) {
    const auto filled = [&](Language language) {
        std::string text(pattern.in(language));
        return text.replace(text.find("{}"), 2, part.in(language));
    };
    return {filled(Language::english), filled(Language::portuguese)};
}

/// The offer was archived: nothing else can happen to it.
ReactionOf<events::ScheduleEvent> ended_by_archive(const State& state) {
    std::vector<events::ScheduleEvent> events;
    const auto* next = next_step(state);
    const bool does_it_itself = is_under_way(state) && next == &state.steps[OfferSchedule::archive];
    if (!is_over(state) && !does_it_itself)
        events.emplace_back(events::OfferScheduleCancelled{state.offer_id, "offer-archived"});
    return events;
}

/// Somebody did what had failed: the rest goes on. What is under way does so in any case.
ReactionOf<events::ScheduleEvent> done_by_hand(const State& state, std::size_t step) {
    std::vector<events::ScheduleEvent> events;
    const bool is_it = failed_step(state) == &state.steps[step];
    if (state.cancelled || !is_it || is_under_way(state)) return events;
    const auto time_of = [&](std::size_t each) {
        return state.steps[each].is_to_come() ? state.steps[each].at : std::nullopt;
    };
    if (next_step(state) == nullptr) {
        events.emplace_back(events::OfferScheduleCancelled{state.offer_id, "done-by-hand"});
    } else {
        events.emplace_back(events::OfferScheduled{
            state.offer_id,
            time_of(OfferSchedule::activate),
            time_of(OfferSchedule::pause),
            time_of(OfferSchedule::archive)
        });
    }
    return events;
}

WantedEffect effect_of(const State& state, const Step& step, const Words& said) {
    WantedEffect wanted;
    wanted.name = step.name;
    wanted.key = std::to_string(state.revision);
    wanted.effect = command_effect(
        {.name = std::string(said.command),
         .method = "POST",
         .path = "/v1/offers/" + state.offer_id.str() + '/' + std::string(step.name),
         .entity_id = state.offer_id.str()}
    );
    wanted.summary = said.summary;
    wanted.retries = retries();
    return wanted;
}

}  // namespace

State OfferSchedule::evolve(State state, const Event& event) {
    std::visit(
        overloaded{
            [&](const events::OfferScheduled& e) {
                state.offer_id = e.offer_id;
                ++state.revision;
                state.cancelled = false;
                state.steps = {
                    {{"activate", e.activate_at}, {"pause", e.pause_at}, {"archive", e.archive_at}}
                };
            },
            [&](const events::OfferScheduleCancelled&) { state.cancelled = true; },
        },
        event
    );
    return state;
}

State OfferSchedule::evolve(State state, const events::ProcessEvent& event) {
    if (const auto* fired = std::get_if<events::ProcessTimerFired>(&event)) {
        auto* step = step_named(state, fired->timer);
        if (step != nullptr && step->at == fired->due) step->is_due = true;
    }
    if (const auto* ended = std::get_if<events::ProcessEffectEnded>(&event)) {
        auto* step = step_named(state, ended->effect);
        if (step == nullptr || ended->key != std::to_string(state.revision)) return state;
        step->outcome = outcome_of(*ended);
        step->passed_over = ended->problem == "illegal-transition";
        step->why_not = why_not(*ended);
    }
    return state;
}

ReactionOf<events::ScheduleEvent> OfferSchedule::react(const State& state, const Signal& signal) {
    const ReactionOf<Event> nothing_more = std::vector<Event>();
    return std::visit(
        overloaded{
            [&](const Fact& fact) {
                const auto step = step_told_by(fact.event.type);
                if (step >= state.steps.size()) return nothing_more;
                return step == archive ? ended_by_archive(state) : done_by_hand(state, step);
            },
            [&](const events::ProcessTimerFired& fired) -> ReactionOf<Event> {
                const auto* step = std::ranges::find(state.steps, fired.timer, &Step::name);
                if (!state.cancelled && step != state.steps.end() && step->at == fired.due)
                    return nothing_more;
                return Ignored{
                    {"the schedule was changed or cancelled",
                     "o agendamento foi alterado ou cancelado"}
                };
            },
            [&](const events::ProcessEffectEnded&) { return nothing_more; },
        },
        signal
    );
}

Wanted OfferSchedule::wanted(const State& state) {
    Wanted wanted;
    if (is_over(state)) {
        wanted.state = events::process_state::done;
        return wanted;
    }
    for (const auto& step : state.steps) {
        if (step.is_to_come() && !step.is_due)
            wanted.timers.push_back({std::string(step.name), *step.at});
    }
    const auto* next = next_step(state);
    const auto said_of = [&](const Step* step) -> const Words& {
        return words[static_cast<std::size_t>(step - state.steps.data())];
    };
    if (is_under_way(state)) {
        wanted.effects.push_back(effect_of(state, *next, said_of(next)));
    } else if (const auto* failed = failed_step(state)) {
        wanted.state = events::process_state::blocked;
        wanted.waits_for = fill(said_of(failed).failed, failed->why_not);
    } else {
        wanted.state = events::process_state::waiting;
        wanted.waits_for = said_of(next).its_time;
    }
    return wanted;
}

std::vector<Routed> OfferSchedule::signals(const events::RecordedEvent& event) {
    if (events::category_of(event.stream) != "offer") return {};
    const auto actor = events::decode_metadata(event.metadata).actor;
    if (actor == "process:" + std::string(kind)) return {};  // its own effects tell it
    // What happened before the offer was scheduled was known when it was.
    return {{.id = std::string(events::id_of(event.stream)), .waits = false}};
}

}  // namespace vitrine::processes
