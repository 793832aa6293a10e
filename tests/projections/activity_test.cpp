#include "projections/activity/reader.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

std::vector<projections::ActivityEntry> listed(
    Log& log, const projections::ActivityFilter& filter = {}
) {
    ModelFile model("activity");
    model.follow(log);
    return projections::ActivityReader(model.lease()).list(log.tenant(), filter).items;
}

}  // namespace

TEST_CASE("every event is an entry of its tenant: who, what, when, about which offer") {
    Log log;
    log.add(offer_created("o1", "Café"));
    log.as("other");
    log.add(offer_created("o1", "Of another"));
    log.as("acme");
    events::CommandFailed failure;
    failure.type = "OfferEditFailed";
    failure.subject = {"offer", "o1"};
    failure.failure_class = "refused";
    failure.reason = "the name is taken";
    log.add(failure);
    log.add(product_created("p1", 100));

    const auto entries = listed(log);
    REQUIRE(entries.size() == 3);  // the newest first
    CHECK(entries[0].type == "ProductCreated");
    CHECK(entries[0].product_id == "p1");
    CHECK(entries[0].offer_id.empty());
    CHECK(entries[1].offer_id == "o1");
    CHECK(entries[1].summary == "the name is taken");
    CHECK(entries[2].type == "OfferCreated");
    CHECK(entries[2].actor == "key:test");
    CHECK(entries[2].summary.starts_with("name, slug"));
    CHECK(entries[2].at + std::chrono::seconds(3) == log.now);
}

TEST_CASE(
    "what happens to a product of an offer names the product, also where it is only the "
    "platform's"
) {
    Log log;
    log.add(offer_created("o1", "One", {line("remote-p1")}));
    log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-p1", 4000)});
    log.add(events::ProductRemovedFromOffer{OfferId("o1"), std::nullopt, ClubifyId("remote-p1")});
    log.add(product_created("p2", 100));
    const auto entries = listed(log);
    REQUIRE(entries.size() == 4);
    CHECK(entries[0].summary.starts_with("name, type"));
    CHECK(entries[1].clubify_product_id == "remote-p1");
    CHECK(entries[1].summary.empty());
    CHECK(entries[2].clubify_product_id == "remote-p1");
    CHECK(entries[2].summary.starts_with("quantity"));
    CHECK(entries[2].summary.contains("price_cents"));
    projections::ActivityFilter filter;
    filter.search = "remote-p1";
    CHECK(listed(log, filter).size() == 2);
}

TEST_CASE("a decision about parked events is activity of the offer that they are of") {
    Log log;
    log.add(offer_created("o1", "One"));
    log.add_encoded(
        events::projection_stream("offers"),
        events::encode(events::ProjectionEvent(
            events::ParkedStreamDismissed{"offers", StreamName("offer-o1"), {7}, "a faulty import"}
        ))
    );
    log.add_encoded(
        events::projection_stream("offers"),
        events::encode(
            events::ProjectionEvent(events::ParkedStreamRetried{"offers", StreamName("offer-o1")})
        )
    );
    projections::ActivityFilter filter;
    filter.offer_id = "o1";
    const auto entries = listed(log, filter);
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].summary == "offers");
    CHECK(entries[1].summary == "offers: a faulty import");
}

TEST_CASE("activity is filtered by actor, offer and words, and paged by position") {
    Log log;
    log.add(offer_created("o1", "Café"));
    log.add(offer_created("o2", "Tea"));
    log.add(product_created("p1", 100));
    const auto count = [&](auto change) {
        projections::ActivityFilter filter;
        change(filter);
        return listed(log, filter).size();
    };
    CHECK(count([](auto& filter) { filter.actor = "key:test"; }) == 3);
    CHECK(count([](auto& filter) { filter.actor = "key:other"; }) == 0);
    CHECK(count([](auto& filter) { filter.offer_id = "o1"; }) == 1);
    CHECK(count([](auto& filter) { filter.search = "cafe"; }) == 1);
    CHECK(count([](auto& filter) { filter.search = "offercreated"; }) == 2);
    CHECK(count([](auto& filter) { filter.search = "p1"; }) == 1);
    CHECK(count([](auto& filter) { filter.limit = 2; }) == 2);
    CHECK(count([](auto& filter) { filter.before = 2; }) == 1);
}

TEST_CASE("nobody is found in the activity by what names them, nor why they were erased") {
    Log log;
    events::CustomerRegistered registered;
    registered.customer_id = events::CustomerId("c1");
    registered.source = "vitrine";
    registered.email = "ana@example.org";
    registered.name = "Ana Souza";
    log.add(registered);
    events::CustomerErased erased;
    erased.customer_id = registered.customer_id;
    erased.reason = "Ana asked for it";
    log.add(erased);
    const auto entries = listed(log);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].summary.find("Ana") == std::string::npos);
    CHECK(entries[1].summary == "source, email, name");
    projections::ActivityFilter filter;
    filter.search = "ana";
    CHECK(listed(log, filter).empty());
    filter.search = "customerregistered";
    CHECK(listed(log, filter).size() == 1);
}

TEST_CASE("a search looks at a bounded number of entries, and goes on where it ended") {
    using projections::ActivityReader;
    Log log;
    log.add(offer_created("o1", "Café"));
    for (std::size_t i = 0; i < ActivityReader::most_searched; ++i) {
        log.add(product_created("p1", 100));
    }
    ModelFile model("activity");
    model.follow(log);
    projections::ActivityFilter filter;
    filter.search = "cafe";
    const auto first = ActivityReader(model.lease()).list(log.tenant(), filter);
    CHECK(first.items.empty());
    REQUIRE(first.next);
    filter.before = first.next;
    const auto second = ActivityReader(model.lease()).list(log.tenant(), filter);
    REQUIRE(second.items.size() == 1);
    CHECK(second.items[0].offer_id == "o1");
    CHECK_FALSE(second.next);
}

TEST_CASE("a page of activity has a next one exactly when there are more entries") {
    Log log;
    for (int i = 0; i < 4; ++i) log.add(product_created("p1", 100));
    ModelFile model("activity");
    model.follow(log);
    projections::ActivityFilter filter;
    filter.limit = 2;
    const auto first = projections::ActivityReader(model.lease()).list(log.tenant(), filter);
    CHECK(first.items.size() == 2);
    CHECK(first.next == Position{3});
    filter.before = first.next;
    const auto second = projections::ActivityReader(model.lease()).list(log.tenant(), filter);
    CHECK(second.items.size() == 2);
    CHECK_FALSE(second.next);
}

}  // namespace vitrine::tests
