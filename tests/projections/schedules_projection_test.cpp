#include "projections/listed.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

const OfferId offer("o1");
const std::string kind = "offer-schedule";

Timestamp at(const char* text) {
    return parse_time(text).value();
}

/// Its own members, without when it changed.
std::string row(const ModelFile& model, const Log& log) {
    projections::ListedReader schedules(model.lease(), "schedules");
    const auto found = schedules.find(log.tenant(), offer.view());
    if (!found) return {};
    return found->body.substr(0, found->body.find(",\"created_at\""));
}

events::ProcessEvent ended(const std::string& effect, const std::string& key, const char* outcome) {
    events::ProcessEffectEnded event;
    event.kind = kind;
    event.effect = effect;
    event.key = key;
    event.outcome = outcome;
    return event;
}

}  // namespace

TEST_CASE("a schedule is a row with what comes next and what became of what was due") {
    Log log;
    ModelFile model("schedules");
    log.add(events::ScheduleEvent(
        events::OfferScheduled{offer, at("2026-12-01T03:00:00Z"), at("2027-01-01T03:00:00Z"), {}}
    ));
    log.add(OfferId("o2"), events::ProcessOpened{kind});  // without its first event: parked
    log.add(offer, events::ProcessWaiting{kind, "its time", "a hora", "waiting"});
    model.follow(log);
    const std::string head = R"({"schedule_id":"o1","offer_id":"o1","revision":)";
    const std::string times =
        R"("activate_at":"2026-12-01T03:00:00Z","pause_at":"2027-01-01T03:00:00Z",)";
    CHECK(
        row(model, log) == head + "1," + times +
                               R"("next_at":"2026-12-01T03:00:00Z","outcomes":{},)"
                               R"("status":"scheduled","version":2)"
    );
    log.add(offer, events::ProcessEffectIntended{kind, "activate", "1", "commands", "Do", "Faça"});
    model.follow(log);
    CHECK(
        row(model, log) == head + "1," + times +
                               R"("next_at":"2027-01-01T03:00:00Z","outcomes":{"activate":)"
                               R"("running"},"status":"scheduled","version":3)"
    );
    log.add(offer, ended("activate", "1", "not_done"));
    log.add(offer, events::ProcessWaiting{kind, "the offer could not", "não", "blocked"});
    model.follow(log);
    CHECK(
        row(model, log) == head + "1," + times +
                               R"("next_at":"2027-01-01T03:00:00Z","outcomes":{"activate":)"
                               R"("not_done"},"status":"blocked","version":5)"
    );
    log.add(events::ScheduleEvent(events::OfferScheduleCancelled{offer, "fim"}));
    log.add(offer, events::ProcessWaiting{kind, "", "", "done"});
    model.follow(log);
    CHECK(
        row(model, log) == head + "1," + times +
                               R"("outcomes":{"activate":"not_done"},"reason":"fim",)"
                               R"("status":"cancelled","version":7)"
    );
}

TEST_CASE("what is scheduled anew takes the place of all, and what the former one did is not its") {
    Log log;
    ModelFile model("schedules");
    log.add(events::ScheduleEvent(
        events::OfferScheduled{offer, at("2026-12-01T03:00:00Z"), {}, at("2027-02-01T03:00:00Z")}
    ));
    log.add(offer, events::ProcessEffectIntended{kind, "activate", "1", "commands", "Do", "Faça"});
    log.add(events::ScheduleEvent(events::OfferScheduled{offer, at("2026-12-02T03:00:00Z"), {}, {}})
    );
    log.add(offer, ended("activate", "1", "done"));
    model.follow(log);
    const std::string body = R"({"schedule_id":"o1","offer_id":"o1","revision":2,)"
                             R"("activate_at":"2026-12-02T03:00:00Z",)"
                             R"("next_at":"2026-12-02T03:00:00Z","outcomes":{},)"
                             R"("status":"scheduled","version":4)";
    CHECK(row(model, log) == body);
    log.add(offer, ended("activate", "2", "done"));
    log.add(offer, events::ProcessWaiting{kind, "", "", "done"});
    model.follow(log);
    CHECK(row(model, log).ends_with(R"("outcomes":{"activate":"done"},"status":"done","version":6)")
    );
}

}  // namespace vitrine::tests
