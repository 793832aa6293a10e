#include "queries/events/event_feed.hpp"
#include "queries/offers/offer_history.hpp"
#include "queries/projections_status.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

events::CommandFailed edit_failed(const std::string& offer) {
    events::CommandFailed event;
    event.type = "OfferEditFailed";
    event.subject = {"offer", offer};
    event.reason = "no";
    event.failure_class = "refused";
    return event;
}

std::string types_of(const Json& events) {
    std::string types;
    for (const auto& event : events) {
        if (!types.empty()) types += ' ';
        types += event["type"].get<std::string>();
    }
    return types;
}

}  // namespace

TEST_CASE("the history has the stream's events and the failed attempts, in order, paged") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(edit_failed("o1"));
    shop.log.add(edit_failed("o2"));
    shop.log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    const bool settled = GENERATE(true, false);  // failures the read model has, or has not yet
    if (settled) shop.settle();
    shop.log.add(edit_failed("o1"));

    const std::string all = "OfferCreated OfferEditFailed OfferActivated OfferEditFailed";
    const auto whole =
        body_of(queries::offer_history(shop.reads, shop.log.tenant(), OfferId("o1"), {}));
    CHECK(types_of(whole["events"]) == all);
    CHECK(whole["next_cursor"].is_null());
    CHECK(whole["events"][0]["subject"] == "offer-o1");

    queries::HistoryParameters parameters;
    parameters.limit = "1";
    Json paged = Json::array();
    for (int page = 0; page < 4; ++page) {
        const auto answer =
            queries::offer_history(shop.reads, shop.log.tenant(), OfferId("o1"), parameters);
        for (const auto& event : body_of(answer)["events"]) paged.push_back(event);
        parameters.cursor = answer->next_cursor;
        CHECK(answer->next_cursor.empty() == (page == 3));
    }
    CHECK(paged == whole["events"]);
}

TEST_CASE("the history of no offer, or of another tenant's, is not found") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(edit_failed("o1"));
    shop.settle();
    for (const auto* tenant : {"other", "acme"}) {
        const OfferId id(tenant == std::string_view("other") ? "o1" : "o2");
        const auto answer = queries::offer_history(shop.reads, TenantId(tenant), id, {});
        CHECK(answer.error().kind == queries::QueryError::Kind::not_found);
    }
    queries::HistoryParameters bad;
    bad.limit = "0";
    bad.cursor = "?";
    CHECK(
        faults_of(queries::offer_history(shop.reads, shop.log.tenant(), OfferId("o1"), bad)) ==
        "/limit /cursor"
    );
}

TEST_CASE("the feed has the tenant's own events only, and goes on where it ended") {
    Shop shop;
    shop.log.add(product_created("p1", 1));
    shop.log.as("other");
    shop.log.add(offer_created("o1", "Secret"));
    shop.log.as("acme");
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    shop.log.as("other");
    shop.log.add(offer_created("o2", "Secret"));
    const TenantId acme("acme");
    const auto all = body_of(queries::event_feed(shop.reads, acme, {}));
    CHECK(types_of(all["events"]) == "ProductCreated OfferCreated OfferActivated");
    CHECK(all.dump().find("Secret") == std::string::npos);
    CHECK(all["next_position"] == 6);

    queries::FeedParameters parameters;
    parameters.limit = "2";
    const auto first = body_of(queries::event_feed(shop.reads, acme, parameters));
    CHECK(types_of(first["events"]) == "ProductCreated OfferCreated");
    CHECK(first["next_position"] == 4);
    parameters.from = "4";
    const auto second = body_of(queries::event_feed(shop.reads, acme, parameters));
    CHECK(types_of(second["events"]) == "OfferActivated");
    CHECK(second["next_position"] == 6);
    parameters.from = "6";
    const auto third = body_of(queries::event_feed(shop.reads, acme, parameters));
    CHECK(third["events"].empty());
    CHECK(third["next_position"] == 6);
    parameters.from = "7";  // as somebody asks who followed a log that has been put back
    CHECK(faults_of(queries::event_feed(shop.reads, acme, parameters)) == "/from");
    const auto pointers = [&] {
        std::string found;
        const auto following = queries::follow_events(shop.reads, acme, parameters, std::nullopt);
        if (following) return found;
        for (const auto& fault : following.error().faults) found += fault.pointer;
        return found;
    };
    CHECK(pointers() == "/limit/from");  // a stream has no pages
    parameters.limit.reset();
    CHECK(pointers() == "/from");
    parameters.from = "6";
    CHECK(queries::follow_events(shop.reads, acme, parameters, std::nullopt));
}

TEST_CASE("the feed is filtered by category and type, and refuses those it does not know") {
    Shop shop;
    shop.log.add(product_created("p1", 1));
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(edit_failed("o1"));
    queries::FeedParameters parameters;
    parameters.category = "command";
    const auto tenant = shop.log.tenant();
    const auto ask = [&] { return queries::event_feed(shop.reads, tenant, parameters); };
    CHECK(types_of(body_of(ask())["events"]) == "OfferEditFailed");
    parameters = {};
    parameters.types = {"OfferCreated,ProductCreated"};
    CHECK(types_of(body_of(ask())["events"]) == "ProductCreated OfferCreated");
    parameters.types = {"Nothing"};
    parameters.category = "nothing";
    parameters.from = "-1";
    parameters.limit = "x";
    const auto refused = ask();
    CHECK(faults_of(refused) == "/category /type /limit /from");
    CHECK(
        refused.error().faults.front().detail.english() ==
        "category is one of product, offer, coupon, rulebook, sale, customer, pricelist, pricing, "
        "schedule, endpoint, people, stock, reservation, inventory, command, webhook, hook, order, "
        "payment, "
        "projection, process"
    );
}

TEST_CASE("the status of the projections names all of them") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.settle();
    const auto body = body_of(queries::projections_status(shop.reads));
    REQUIRE(body["projections"].size() == projections::every_projection().size());
    CHECK(body["head"] == 1);
    for (const auto& projection : body["projections"]) {
        CHECK(projection["position"] == 1);
        CHECK(projection["lag"] == 0);
        CHECK(projection["parked"] == 0);
        CHECK(projection["state"] == "running");
    }
}

}  // namespace vitrine::tests
