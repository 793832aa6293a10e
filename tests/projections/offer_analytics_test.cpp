#include "projections/offer_analytics/reader.hpp"

#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

std::optional<projections::OfferFigures> figures_after(Log& log, const std::string& id = "o1") {
    ModelFile model("offer_analytics");
    model.follow(log);
    projections::AnalyticsReader reader(model.lease());
    return reader.find(log.tenant(), OfferId(id));
}

events::CommandFailed failed(const std::string& type, const std::string& offer) {
    events::CommandFailed event;
    event.type = event.type.named(type);
    event.subject = {"offer", offer};
    event.reason = "no";
    event.failure_class = "refused";
    event.correlation_id = CorrelationId("corr");
    return event;
}

}  // namespace

TEST_CASE("revisions count edits and changes of products, not changes of status") {
    Log log;
    log.add(offer_created("o1", "Offer", {line("p1", 100)}));
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    events::OfferEdited edited;
    edited.offer_id = OfferId("o1");
    edited.name = "Other";
    log.add(edited);
    log.add(events::ProductAddedToOffer{OfferId("o1"), line("p2", 200)});
    log.add(events::ProductInOfferChanged{OfferId("o1"), line("p2", 210)});
    log.add(events::ProductRemovedFromOffer{OfferId("o1"), std::nullopt, ClubifyId("p1")});
    const auto figures = figures_after(log);
    CHECK(figures->revisions == 4);
    CHECK(figures->product_count == 1);
    CHECK(figures->version == 6);
}

TEST_CASE("time in each status is what lies between the events") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    log.now += std::chrono::seconds(9);
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    log.now += std::chrono::seconds(99);
    log.add(events::OfferPaused{OfferId("o1"), std::nullopt});
    log.now += std::chrono::seconds(4);
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    const auto figures = figures_after(log);
    CHECK(figures->draft_us == 10'000'000);
    CHECK(figures->active_us == 100'000'000);
    CHECK(figures->paused_us == 5'000'000);
    CHECK(figures->archived_us == 0);
    CHECK(figures->status == "active");
    CHECK(figures->status_since == log.now);
}

TEST_CASE("failed attempts are counted by type, and the last one is told") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    log.add(failed("OfferEditFailed", "o1"));
    log.add(failed("OfferEditFailed", "o1"));
    const auto last = log.add(failed("OfferActivationFailed", "o1"));
    log.add(failed("OfferEditFailed", "o2"));
    const auto figures = figures_after(log);
    CHECK(figures->failure_count == 3);
    CHECK(figures->failures_by_type.text == R"({"OfferActivationFailed":1,"OfferEditFailed":2})");
    CHECK(
        figures->last_failure.text ==
        R"({"type":"OfferActivationFailed","class":"refused","reason":"no","at":")" +
            format_time(log.now - std::chrono::seconds(1)) + R"(","position":)" +
            std::to_string(last) + "}"
    );
    CHECK(figures->version == 1);
    ModelFile model("offer_analytics");
    model.follow(log);
    projections::AnalyticsReader reader(model.lease());
    CHECK(reader.failures(log.tenant(), OfferId("o1"), 2, 10) == std::vector<Position>{3, 4});
}

TEST_CASE("an offer that only ever failed to be created has no figures") {
    Log log;
    log.add(failed("OfferCreationFailed", "o1"));
    CHECK_FALSE(figures_after(log));
    log.add(offer_created("o1", "Offer"));
    CHECK(figures_after(log)->failure_count == 1);
}

}  // namespace vitrine::tests
