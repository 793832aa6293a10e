#include "processes/schedules.hpp"

#include "events/new_event.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;

namespace {

namespace states = events::process_state;
using Events = std::vector<events::ScheduleEvent>;
using Strings = std::vector<std::string>;

const OfferId offer("0190b4e0-0000-7000-8000-000000000001");
const auto first = parse_time("2026-12-01T03:00:00Z").value();
const auto second = parse_time("2027-01-01T03:00:00Z").value();
const auto third = parse_time("2027-02-01T03:00:00Z").value();

events::OfferScheduled campaign() {
    return {offer, first, second, third};
}

events::ProcessEvent fired(const std::string& timer, Timestamp due) {
    return events::ProcessTimerFired{"offer-schedule", timer, due};
}

events::ProcessEvent ended(
    const std::string& effect,
    std::string_view outcome,
    const std::string& problem = {},
    const std::string& key = "1"
) {
    events::ProcessEffectEnded end;
    end.kind = "offer-schedule";
    end.effect = effect;
    end.key = key;
    end.outcome = outcome;
    end.problem = problem;
    end.detail = problem.empty() ? "" : "It cannot be.";
    end.detail_pt = problem.empty() ? "" : "Não dá.";
    return end;
}

/// A process to which all that has happened.
struct Told {
    OfferSchedule::State state;

    template <class... All>
    explicit Told(const All&... all) {
        (add(all), ...);
    }
    void add(const events::OfferScheduled& event) {
        state = OfferSchedule::evolve(std::move(state), events::ScheduleEvent(event));
    }
    void add(const events::OfferScheduleCancelled& event) {
        state = OfferSchedule::evolve(std::move(state), events::ScheduleEvent(event));
    }
    void add(const events::ProcessEvent& event) {
        state = OfferSchedule::evolve(std::move(state), event);
    }

    Wanted wanted() const { return OfferSchedule::wanted(state); }
    Strings timers() const {
        Strings names;
        for (const auto& timer : wanted().timers)
            names.push_back(timer.name + ' ' + format_time(timer.due));
        return names;
    }
    Strings effects() const {
        Strings names;
        for (const auto& effect : wanted().effects)
            names.push_back(effect.name + ' ' + effect.key + ' ' + effect.effect.path);
        return names;
    }
    ReactionOf<events::ScheduleEvent> hears(const std::string& fact) const {
        events::RecordedEvent event;
        event.type = fact;
        event.stream = events::stream_of(offer);
        return OfferSchedule::react(state, Fact{event});
    }
    Events follows(const std::string& fact) const { return std::get<Events>(hears(fact)); }
};

const events::OfferScheduleCancelled cancelled{offer, {}};
const std::string activation =
    "activate 1 /v1/offers/0190b4e0-0000-7000-8000-000000000001/activate";
const std::string pausing = "pause 1 /v1/offers/0190b4e0-0000-7000-8000-000000000001/pause";
const std::string archiving = "archive 1 /v1/offers/0190b4e0-0000-7000-8000-000000000001/archive";

}  // namespace

TEST_CASE("a schedule waits for its times, all of them set at once", "[schedules]") {
    const Told told(campaign());
    CHECK(
        told.timers() ==
        Strings{
            "activate 2026-12-01T03:00:00Z",
            "pause 2027-01-01T03:00:00Z",
            "archive 2027-02-01T03:00:00Z"
        }
    );
    CHECK(told.effects().empty());
    CHECK(told.wanted().state == states::waiting);
    CHECK(
        told.wanted().waits_for ==
        Phrase("the time to activate the offer", "a hora de ativar a oferta")
    );
}

TEST_CASE("what is due is done by the ordinary command, one after the other", "[schedules]") {
    Told told(campaign(), fired("activate", first));
    CHECK(told.effects() == Strings{activation});
    CHECK(told.wanted().effects.front().effect.connector == "commands");
    CHECK(told.wanted().state == states::open);
    CHECK(told.timers().size() == 2);

    told.add(fired("pause", second));  // while nothing ran
    CHECK(told.effects() == Strings{activation});
    told.add(ended("activate", "done"));
    CHECK(told.effects() == Strings{pausing});
    told.add(ended("pause", "done"));
    CHECK(told.effects().empty());
    CHECK(told.wanted().state == states::waiting);
    told.add(fired("archive", third));
    CHECK(told.effects() == Strings{archiving});
    told.add(ended("archive", "done"));
    CHECK(told.effects().empty());
    CHECK(told.timers().empty());
    CHECK(told.wanted().state == states::done);
}

TEST_CASE("an offer that is where it was to be is passed over, and told", "[schedules]") {
    Told told(
        campaign(), fired("activate", first), ended("activate", "refused", "illegal-transition")
    );
    CHECK(told.wanted().state == states::waiting);
    told.add(fired("pause", second));
    CHECK(told.effects() == Strings{pausing});
}

TEST_CASE(
    "a step that failed blocks the schedule, and says why; the next one is done all the same",
    "[schedules]"
) {
    for (const auto outcome : {"refused", "not_done"}) {
        CAPTURE(outcome);
        Told told(
            campaign(), fired("activate", first), ended("activate", outcome, "validation-failed")
        );
        CHECK(told.wanted().state == states::blocked);
        CHECK(
            told.wanted().waits_for == Phrase(
                                           "the offer could not be activated: It cannot be.",
                                           "não foi possível ativar a oferta: Não dá."
                                       )
        );
        CHECK(told.timers().size() == 2);
        told.add(fired("pause", second));
        CHECK(told.effects() == Strings{pausing});
    }
    const Told last(
        events::OfferScheduled{offer, first, {}, {}},
        fired("activate", first),
        ended("activate", "not_done", "clubify-unavailable")
    );
    CHECK(last.wanted().state == states::blocked);
    CHECK(last.effects().empty());
}

TEST_CASE("what had failed and was done by hand lets the rest go on", "[schedules]") {
    const auto failed = ended("activate", "refused", "validation-failed");
    const Told told(campaign(), fired("activate", first), failed);
    CHECK(
        told.follows("OfferActivated") == Events{events::OfferScheduled{offer, {}, second, third}}
    );
    CHECK(told.follows("OfferPaused").empty());
    const Told last(events::OfferScheduled{offer, first, {}, {}}, fired("activate", first), failed);
    CHECK(
        last.follows("OfferActivated") ==
        Events{events::OfferScheduleCancelled{offer, "done-by-hand"}}
    );
    CHECK(Told(campaign()).follows("OfferActivated").empty());
    CHECK(Told(campaign(), fired("activate", first), failed, fired("pause", second))
              .follows("OfferActivated")
              .empty());
    CHECK(Told(campaign(), fired("activate", first)).follows("OfferActivated").empty());
}

TEST_CASE("an archived offer has no schedule any more", "[schedules]") {
    const Events ended_by_it{events::OfferScheduleCancelled{offer, "offer-archived"}};
    CHECK(Told(campaign()).follows("OfferArchived") == ended_by_it);
    CHECK(Told(campaign(), fired("activate", first)).follows("OfferArchived") == ended_by_it);
    CHECK(Told(campaign(), cancelled).follows("OfferArchived").empty());
    SECTION("but for the one that archives it") {
        const events::OfferScheduled only{offer, {}, {}, third};
        CHECK(Told(only, fired("archive", third)).follows("OfferArchived").empty());
        CHECK(Told(only, fired("archive", third), ended("archive", "done"))
                  .follows("OfferArchived")
                  .empty());
    }
}

TEST_CASE("a cancelled schedule wants nothing more, even if it was due", "[schedules]") {
    for (const auto& told :
         {Told(campaign(), cancelled), Told(campaign(), fired("activate", first), cancelled)}) {
        CHECK(told.effects().empty());
        CHECK(told.timers().empty());
        CHECK(told.wanted().state == states::done);
    }
}

TEST_CASE("a schedule that was changed while it was due does what it says now", "[schedules]") {
    const events::OfferScheduled later{offer, second, {}, {}};
    Told told(campaign(), fired("activate", first), later);
    CHECK(told.effects().empty());
    CHECK(told.timers() == Strings{"activate 2027-01-01T03:00:00Z"});
    told.add(ended("activate", "done"));  // of the former one
    CHECK(told.timers() == Strings{"activate 2027-01-01T03:00:00Z"});
    told.add(fired("activate", second));
    CHECK(told.wanted().effects.front().key == "2");
    told.add(ended("activate", "refused", "illegal-transition", "2"));
    CHECK(told.wanted().state == states::done);
}

TEST_CASE(
    "a timer that comes after the schedule was changed or cancelled is ignored", "[schedules]"
) {
    const auto hears = [](const Told& told, Timestamp due) {
        return OfferSchedule::react(
            told.state, events::ProcessTimerFired{"offer-schedule", "activate", due}
        );
    };
    CHECK(std::holds_alternative<Events>(hears(Told(campaign()), first)));
    CHECK(std::holds_alternative<Ignored>(hears(Told(campaign(), cancelled), first)));
    CHECK(std::holds_alternative<Ignored>(hears(Told(campaign()), second)));
    Told changed(campaign(), events::OfferScheduled{offer, second, {}, {}});
    changed.add(fired("activate", first));
    CHECK(changed.effects().empty());
}

TEST_CASE("facts concern the schedule of the offer that they are about", "[schedules]") {
    events::RecordedEvent event;
    event.type = "OfferArchived";
    event.stream = events::stream_of(offer);
    events::Metadata by;
    by.actor = "key:seller";
    event.metadata = events::encode_metadata(by);
    REQUIRE(OfferSchedule::signals(event).size() == 1);
    CHECK(OfferSchedule::signals(event).front().id == offer.str());
    CHECK_FALSE(OfferSchedule::signals(event).front().waits);
    SECTION("but for what it did itself") {
        by.actor = "process:offer-schedule";
        event.metadata = events::encode_metadata(by);
        CHECK(OfferSchedule::signals(event).empty());
    }
}

TEST_CASE("a schedule is a kind of process like any other", "[schedules]") {
    const auto kind = process_of<OfferSchedule>();
    CHECK(kind.stream_of(offer.str()) == StreamName("schedule-" + offer.str()));
    CHECK(
        kind.own_events == std::vector<std::string_view>{"OfferScheduled", "OfferScheduleCancelled"}
    );
    CHECK(kind.facts.size() == 3);
}
