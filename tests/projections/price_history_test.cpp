#include "projections/price_history/reader.hpp"

#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

/// Of the offer o1, in order: "p1=100 p2=? …".
std::string prices_after(Log& log) {
    ModelFile model("price_history");
    model.follow(log);
    projections::PriceHistoryReader reader(model.lease());
    std::string text;
    for (const auto& entry : reader.prices(log.tenant(), OfferId("o1"))) {
        if (!text.empty()) text += ' ';
        text += entry.clubify_product_id + '=';
        text += entry.price_cents ? std::to_string(*entry.price_cents) : "?";
    }
    return text;
}

}  // namespace

TEST_CASE("the price history has the effective price: the offer's, else the product's own") {
    Log log;
    log.add(product_created("mine", 500));
    log.add(
        offer_created("o1", "Offer", {line("remote-mine", std::nullopt, "mine"), line("set", 100)})
    );
    CHECK(prices_after(log) == "remote-mine=500 set=100");

    SECTION("a change of the product's price shows where no price of the offer stands before it") {
        log.add(events::ProductPriceChanged{ProductId("mine"), 450, "BRL"});
        CHECK(prices_after(log) == "remote-mine=500 set=100 remote-mine=450");
    }
    SECTION("a price in the offer hides the product's own from then on") {
        log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-mine", 300, "mine")});
        log.add(events::ProductPriceChanged{ProductId("mine"), 450, "BRL"});
        CHECK(prices_after(log) == "remote-mine=500 set=100 remote-mine=300");
        log.add(
            events::ProductInOfferChanged{OfferId("o1"), line("remote-mine", std::nullopt, "mine")}
        );
        CHECK(prices_after(log) == "remote-mine=500 set=100 remote-mine=300 remote-mine=450");
    }
    SECTION("a change that leaves the price alone adds nothing") {
        auto same = line("set", 100);
        same.quantity = 3;
        log.add(events::ProductInOfferChanged{OfferId("o1"), same});
        CHECK(prices_after(log) == "remote-mine=500 set=100");
    }
    SECTION("a removed product has no price any more") {
        log.add(events::ProductRemovedFromOffer{
            OfferId("o1"), ProductId("mine"), ClubifyId("remote-mine")
        });
        log.add(events::ProductPriceChanged{ProductId("mine"), 450, "BRL"});
        CHECK(prices_after(log) == "remote-mine=500 set=100 remote-mine=?");
    }
}

TEST_CASE("another tenant's product of the same id has no say in a price") {
    Log log("acme");
    log.add(product_created("mine", 500));
    log.add(offer_created("o1", "Offer", {line("remote-mine", std::nullopt, "mine")}));
    log.as("other");
    log.add(product_created("mine", 7));
    log.add(events::ProductPriceChanged{ProductId("mine"), 8, "BRL"});
    log.as("acme");
    CHECK(prices_after(log) == "remote-mine=500");
}

TEST_CASE("the offers that have a product are looked up, those of the tenant that have it now") {
    Log log("acme");
    log.add(offer_created("o1", "One", {line("p1", 100), line("p2", 100)}));
    log.add(offer_created("o2", "Two", {line("p2", 100)}));
    log.add(events::ProductAddedToOffer{OfferId("o2"), line("p1")});
    log.add(offer_created("o3", "Three", {line("p1")}));
    log.add(events::ProductRemovedFromOffer{OfferId("o3"), {}, ClubifyId("p1")});
    log.as("other");
    log.add(offer_created("o4", "Four", {line("p1")}));
    log.as("acme");
    ModelFile model("price_history");
    model.follow(log);
    projections::PriceHistoryReader reader(model.lease());
    const auto with = [&](const char* product) {
        return reader.offers_with(log.tenant(), ClubifyId(product));
    };
    CHECK(with("p1") == std::vector{OfferId("o1"), OfferId("o2")});
    CHECK(with("p2") == std::vector{OfferId("o1"), OfferId("o2")});
    CHECK(with("p3").empty());
}

TEST_CASE("the prices up to an event, the latest ones of a long history") {
    Log log;
    log.add(offer_created("o1", "Offer", {line("p1", 100)}));
    const auto second = log.add(events::ProductInOfferChanged{OfferId("o1"), line("p1", 200)});
    const auto third = log.add(events::ProductInOfferChanged{OfferId("o1"), line("p1", 300)});
    ModelFile model("price_history");
    model.follow(log);
    projections::PriceHistoryReader reader(model.lease());
    const auto positions = [&](std::optional<Position> upto, std::size_t limit) {
        std::vector<Position> found;
        for (const auto& entry : reader.prices(log.tenant(), OfferId("o1"), upto, limit)) {
            found.push_back(entry.position);
        }
        return found;
    };
    CHECK(positions(second, 10) == std::vector<Position>{1, second});
    CHECK(positions(std::nullopt, 2) == std::vector<Position>{second, third});
    CHECK(reader.knows(log.tenant(), OfferId("o1")));
    CHECK_FALSE(reader.knows(log.tenant(), OfferId("o2")));
    CHECK_FALSE(reader.knows(TenantId("other"), OfferId("o1")));
}

}  // namespace vitrine::tests
