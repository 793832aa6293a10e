#include "projections/processes/reader.hpp"

#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::ProcessesReader;
using projections::ProcessPage;

const std::string kind = "offer-schedule";
const Timestamp begin{std::chrono::microseconds(1'300'000'000'000'000)};

Timestamp at(int seconds) {
    return begin + std::chrono::seconds(seconds);
}

events::ProcessEvent set(const std::string& timer, Timestamp due) {
    return events::ProcessTimerSet{kind, timer, due};
}
events::ProcessEvent fired(const std::string& timer, Timestamp due) {
    return events::ProcessTimerFired{kind, timer, due};
}
events::ProcessEvent intended(const std::string& effect, const std::string& key) {
    return events::ProcessEffectIntended{kind, effect, key, "commands", "Do it", "Faça"};
}
events::ProcessEvent ended(
    const std::string& effect, const std::string& key, const std::string& outcome
) {
    events::ProcessEffectEnded event;
    event.kind = kind;
    event.effect = effect;
    event.key = key;
    event.outcome = outcome;
    event.attempts = 3;
    return event;
}
events::ProcessEvent waits(const std::string& state) {
    return events::ProcessWaiting{kind, "its time", "a sua hora", state};
}

std::vector<std::string> ids_of(
    ProcessesReader& reader, const TenantId& tenant, const ProcessPage& page
) {
    std::vector<std::string> ids;
    for (const auto& each : reader.list(tenant, page).items) ids.push_back(each.process.id);
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a process is what its general events say, in the stream of its business") {
    Log log;
    log.add(events::ScheduleEvent(events::OfferScheduled{OfferId("o1"), at(100), {}, {}}));
    log.add(OfferId("o1"), events::ProcessOpened{kind});
    const auto opened = log.now;
    log.add(OfferId("o1"), set("activate", at(100)));
    log.add(OfferId("o1"), set("pause", at(90)));
    log.add(OfferId("o1"), waits("waiting"));
    ModelFile model("processes");
    model.follow(log);
    {
        ProcessesReader reader(model.lease());
        const auto process = reader.find(log.tenant(), kind, "o1");
        REQUIRE(process.has_value());
        CHECK(process->state == "waiting");
        CHECK(process->waits_for_pt == "a sua hora");
        CHECK(process->opened_at == opened);
        CHECK(process->version == 5);
        REQUIRE(process->timers.size() == 2);
        CHECK(process->timers.front().name == "pause");
        CHECK(process->steps.empty());
        CHECK_FALSE(reader.find(log.tenant(), "checkout", "o1").has_value());
        CHECK_FALSE(reader.find(TenantId("other"), kind, "o1").has_value());
        CHECK(reader.list(log.tenant(), {}).items.front().next_due == at(90));
        CHECK(reader.under_way({}, 10).empty());
    }
    log.add(OfferId("o1"), fired("pause", at(90)));
    log.add(OfferId("o1"), events::ProcessTimerCancelled{kind, "activate"});
    log.add(OfferId("o1"), intended("pause", "1"));
    model.follow(log);
    {
        ProcessesReader reader(model.lease());
        CHECK(reader.timers({}, 10).empty());
        CHECK(reader.under_way({}, 10).size() == 1);
        CHECK_FALSE(reader.list(log.tenant(), {}).items.front().next_due.has_value());
        CHECK(reader.find(log.tenant(), kind, "o1")->steps.front().state == "running");
    }
    log.add(OfferId("o1"), ended("pause", "1", "done"));
    log.add(OfferId("o1"), intended("activate", "2"));
    log.add(OfferId("o1"), ended("activate", "2", "refused"));
    log.add(OfferId("o1"), events::ProcessSignalIgnored{kind, "timer:x", "late", "tarde"});
    log.add(OfferId("o1"), waits("done"));
    model.follow(log);
    ProcessesReader reader(model.lease());
    const auto process = reader.find(log.tenant(), kind, "o1").value();
    CHECK(reader.under_way({}, 10).empty());
    REQUIRE(process.steps.size() == 2);
    CHECK(process.steps[0].effect == "pause");
    CHECK(process.steps[0].state == "done");
    CHECK(process.steps[0].attempts == 3);
    CHECK(process.steps[1].state == "refused");
    CHECK(process.steps[1].ended_at.has_value());
    CHECK(process.ignored == 1);
    CHECK(process.last_ignored_pt == "tarde");
    CHECK(process.state == "done");
}

TEST_CASE("timers of all tenants come in the order in which they fall due, page by page") {
    Log log;
    log.add(OfferId("o2"), set("pause", at(50)));
    log.add(OfferId("o1"), set("activate", at(50)));
    log.add(OfferId("o1"), set("archive", at(70)));
    log.as("other");
    log.add(OfferId("o1"), set("activate", at(40)));
    ModelFile model("processes");
    model.follow(log);
    ProcessesReader reader(model.lease());
    Ids found;
    std::optional<projections::DueTimer> after;
    for (auto page = reader.timers(after, 1); !page.empty(); page = reader.timers(after, 1)) {
        after = page.back();
        found.push_back(after->tenant.str() + ' ' + after->id + ' ' + after->timer);
    }
    CHECK(
        found == Ids{"other o1 activate", "acme o1 activate", "acme o2 pause", "acme o1 archive"}
    );
}

TEST_CASE("processes with a step that has not ended come page by page, of all tenants") {
    Log log;
    for (const auto* id : {"o3", "o1", "o2"}) log.add(OfferId(id), intended("activate", "1"));
    log.add(OfferId("o1"), ended("activate", "1", "done"));
    log.as("other");
    log.add(OfferId("o1"), intended("activate", "1"));
    ModelFile model("processes");
    model.follow(log);
    ProcessesReader reader(model.lease());
    Ids found;
    std::optional<projections::ProcessKey> after;
    for (auto page = reader.under_way(after, 1); !page.empty(); page = reader.under_way(after, 1)) {
        after = page.back();
        found.push_back(after->tenant.str() + ' ' + after->id);
    }
    CHECK(found == Ids{"acme o2", "acme o3", "other o1"});
}

TEST_CASE("processes are listed by kind and state, the newest first, page by page") {
    Log log;
    for (const auto* id : {"o1", "o2", "o3", "o4"}) log.add(OfferId(id), waits("waiting"));
    log.add(OfferId("o2"), waits("blocked"));
    log.add(OfferId("o4"), waits("blocked"));
    log.as("other");
    log.add(OfferId("o5"), waits("blocked"));
    log.as("acme");
    ModelFile model("processes");
    model.follow(log);
    ProcessesReader reader(model.lease());
    const auto& tenant = log.tenant();
    CHECK(ids_of(reader, tenant, {}) == Ids{"o4", "o3", "o2", "o1"});
    CHECK(ids_of(reader, tenant, {.state = "blocked"}) == Ids{"o4", "o2"});
    CHECK(ids_of(reader, tenant, {.kind = kind, .state = "waiting"}) == Ids{"o3", "o1"});
    CHECK(ids_of(reader, tenant, {.kind = "checkout"}).empty());
    const auto first = reader.list(tenant, {.kind = kind, .limit = 3});
    REQUIRE(first.next.has_value());
    CHECK(ids_of(reader, tenant, {.kind = kind, .after = first.next}) == Ids{"o1"});
    const auto blocked = reader.list(tenant, {.state = "blocked", .limit = 1});
    CHECK(ids_of(reader, tenant, {.state = "blocked", .after = blocked.next}) == Ids{"o2"});
    CHECK_FALSE(reader.list(tenant, {.state = "blocked", .limit = 2}).next.has_value());
}

TEST_CASE("processes are counted by kind and state, with what is overdue and how late timers were"
) {
    Log log;
    log.add(OfferId("o1"), waits("waiting"));
    log.add(OfferId("o1"), set("pause", at(5)));
    log.add(OfferId("o2"), waits("blocked"));
    log.add(OfferId("o2"), set("pause", at(500)));
    log.add(OfferId("o2"), fired("activate", log.now));  // one second late
    log.add(OfferId("o2"), fired("archive", log.now + at(9999).time_since_epoch()));  // early: none
    ModelFile model("processes");
    model.follow(log);
    const auto counts = ProcessesReader(model.lease()).counts(at(100)).at(kind);
    CHECK(counts.by_state.at("waiting") == 1);
    CHECK(counts.by_state.at("blocked") == 1);
    CHECK(counts.overdue == 1);
    CHECK(counts.lateness.sum == 1'000'000);
    CHECK(counts.lateness.counts.at(0) == 1);
    CHECK(counts.lateness.counts.at(6) == 1);  // up to a second
}

TEST_CASE("what was noted of a process that never was is none") {
    Log log;
    const events::ProcessEvent ignored =
        events::ProcessSignalIgnored{kind, "fact:1", "early", "cedo"};
    log.add_encoded(StreamName("process-offer-schedule-o9"), events::encode(ignored));
    ModelFile model("processes");
    model.follow(log);
    CHECK(ProcessesReader(model.lease()).list(log.tenant(), {}).items.empty());
}

}  // namespace vitrine::tests
