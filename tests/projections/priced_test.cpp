#include <nlohmann/json.hpp>

#include <rapidcheck.h>

#include "projections/offer_versions/past_offers.hpp"
#include "tests/projections/history_generator.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Json = nlohmann::ordered_json;
using projections::OffersReader;

/// The offer o1 as it is answered now.
Json priced(Log& log) {
    ModelFile model("offers");
    model.follow(log);
    OffersReader offers(model.lease());
    auto offer = offers.find(log.tenant(), OfferId("o1")).value();
    offers.price(log.tenant(), offer);
    const auto listed = offers.list(log.tenant(), {});
    const auto body = Json::parse(offer.body);
    const auto& total = listed.items.at(0).total_cents;
    CHECK(body["total_cents"] == (total ? Json(*total) : Json()));
    return body;
}

events::OfferProduct discounted(
    events::OfferProduct product, std::int64_t quantity, const char* type, const char* value
) {
    product.quantity = quantity;
    product.discount = events::Discount{type, JsonText(value)};
    return product;
}

}  // namespace

TEST_CASE("an offer says what its products are called and cost, with discount and quantity") {
    Log log;
    log.add(product_created("x", 6999));
    log.add(product_created("y", 500));
    log.add(offer_created(
        "o1",
        "Offer",
        {discounted(line("remote-x", std::nullopt, "x"), 10, "percentage", "10"),
         discounted(line("remote-y", 400, "y"), 2, "fixed", "150")}
    ));
    const auto body = priced(log);
    const auto& x = body["products"][0];
    CHECK(x["name"] == "Product x");
    CHECK(x["unit_cents"] == 6999);
    CHECK(x["discount_cents"] == 6999);
    CHECK(x["total_cents"] == 62991);
    CHECK(x["currency"] == "BRL");
    CHECK(x["quantity"] == 10);
    const auto& y = body["products"][1];
    CHECK(y["unit_cents"] == 400);
    CHECK(y["discount_cents"] == 300);
    CHECK(y["total_cents"] == 500);
    CHECK(body["total_cents"] == 63491);
}

TEST_CASE("names and prices of an offer follow the products, not only the offer's own events") {
    Log log;
    log.add(product_created("x", 100));
    log.add(offer_created("o1", "Offer", {line("remote-x", std::nullopt, "x")}));
    events::ProductEdited renamed;
    renamed.product_id = ProductId("x");
    renamed.name = "Café \"Bourbon\"";
    log.add(renamed);
    const auto at = log.add(events::ProductPriceChanged{ProductId("x"), 250, "BRL"});
    const auto body = priced(log);
    CHECK(body["products"][0]["name"] == "Café \"Bourbon\"");
    CHECK(body["total_cents"] == 250);
    CHECK(body["version"] == 1);
    ModelFile model("offers");
    model.follow(log);
    OffersReader offers(model.lease());
    auto offer = offers.find(log.tenant(), OfferId("o1")).value();
    offers.price(log.tenant(), offer);
    CHECK(offer.facts == at);
}

TEST_CASE("what nobody told of a product is null, and so is the offer's total then") {
    Log log;
    log.add(product_created("x", 100));
    log.add(offer_created(
        "o1", "Offer", {line("remote-x", std::nullopt, "x"), line("elsewhere"), line("own", 70)}
    ));
    auto body = priced(log);
    const auto& foreign = body["products"][1];
    for (const auto* member : {"name", "unit_cents", "discount_cents", "total_cents", "currency"})
        CHECK(foreign[member].is_null());
    CHECK(body["products"][2]["name"].is_null());
    CHECK(body["products"][2]["total_cents"] == 70);
    CHECK(body["total_cents"].is_null());

    SECTION("until the platform's product is taken in") {
        events::ProductAdopted adopted;
        static_cast<events::ProductCreated&>(adopted) = product_created("z", 30);
        adopted.clubify_product_id = ClubifyId("elsewhere");
        log.add(adopted);
        body = priced(log);
        CHECK(body["products"][1]["name"] == "Product z");
        CHECK(body["total_cents"] == 200);
    }
    SECTION("another tenant's product tells nothing") {
        log.as("other");
        log.add(product_created("elsewhere", 30));
        log.as("acme");
        CHECK(priced(log)["total_cents"].is_null());
    }
}

TEST_CASE("amounts of different currencies, and discounts nobody understands, have no total") {
    Log log;
    auto dollars = product_created("x", 100);
    dollars.currency = "USD";
    log.add(dollars);
    SECTION("another currency") {
        log.add(offer_created("o1", "Offer", {line("remote-x", std::nullopt, "x")}));
        const auto body = priced(log);
        CHECK(body["products"][0]["total_cents"] == 100);
        CHECK(body["products"][0]["currency"] == "USD");
        CHECK(body["total_cents"].is_null());
    }
    SECTION("an odd discount") {
        log.add(offer_created("o1", "Offer", {discounted(line("a", 100), 1, "gift", "1")}));
        const auto body = priced(log);
        CHECK(body["products"][0]["unit_cents"] == 100);
        CHECK(body["products"][0]["total_cents"].is_null());
        CHECK(body["total_cents"].is_null());
    }
}

TEST_CASE("an offer without products costs nothing") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    CHECK(priced(log)["total_cents"] == 0);
}

TEST_CASE("names and prices of then are those that were answered then") {
    CHECK(rc::check("past = present of then", [] {
        Log log;
        HistoryGenerator generator(log);
        const auto steps = *rc::gen::inRange(1, 60);
        for (int i = 0; i < steps; ++i) generator.step();
        ModelFile versions("offer_versions");
        versions.follow(log);
        const auto at = *rc::gen::inRange<Position>(1, log.head() + 1);
        ModelFile present("offers");
        present.follow(log, at);
        for (const auto* tenant : {"acme", "other"}) {
            log.as(tenant);
            projections::PastOffers past(versions.lease());
            OffersReader then(present.lease());
            for (const auto* id : {"o1", "o2", "o3"}) {
                const auto found = past.find(log.tenant(), OfferId(id), at);
                auto wanted = then.find(log.tenant(), OfferId(id));
                RC_ASSERT(found.has_value() == wanted.has_value());
                if (!found) continue;
                then.price(log.tenant(), *wanted);
                const auto was = past.price(log.tenant(), *found, at);
                RC_ASSERT(was.body == wanted->body);
                RC_ASSERT(was.facts == wanted->facts);
            }
            const auto moment = log.read_all(at, {}, 1, store::Direction::forwards).front();
            const auto was = past.list(log.tenant(), {}, {at, moment.recorded_at});
            const auto wanted = then.list(log.tenant(), {});
            RC_ASSERT(was.items.size() == wanted.items.size());
            for (std::size_t i = 0; i < was.items.size(); ++i)
                RC_ASSERT(was.items[i].total_cents == wanted.items[i].total_cents);
        }
    }));
}

}  // namespace vitrine::tests
