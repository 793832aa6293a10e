#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "projections/list_sql.hpp"
#include "projections/rebuild.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Json = nlohmann::ordered_json;

Json offer_after(Log& log, const std::string& id = "o1") {
    ModelFile model("offers");
    model.follow(log);
    projections::OffersReader reader(model.lease());
    const auto offer = reader.find(log.tenant(), OfferId(id));
    return offer ? Json::parse(offer->body) : Json();
}

projections::OfferFilter everything() {
    return {};
}

}  // namespace

TEST_CASE("a reader names the position of what it saw, and none after it names an earlier one") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    ModelFile model("offers");
    model.follow(log);  // committed, but not yet told: leases begin at 0
    projections::OffersReader first(model.lease());
    CHECK(first.position() == 0);
    REQUIRE(first.find(log.tenant(), OfferId("o1")));
    CHECK(first.position() == 1);
    CHECK(model.lease().position() == 1);
    log.add(product_created("x", 5));
    log.add(offer_created("o2", "Other"));
    model.follow(log);
    projections::OffersReader second(model.lease());
    CHECK(second.list(log.tenant(), {}).items.size() == 2);
    CHECK(second.position() == 3);
    CHECK(model.lease().position() == 3);
}

TEST_CASE("an offer's row has what was created, as it was given") {
    Log log;
    auto created = offer_created("o1", "Café \"Açaí\"\n", {line("p1", 990, "ours")});
    created.description = "100 % \\ good";
    created.configuration.theme = JsonText(R"({"color":"#fff","n":[1,2.5]})");
    created.metadata = JsonText(R"({"a":{"b":null}})");
    created.products[0].discount = events::Discount{"percentage", JsonText("12.5")};
    log.add(created);
    const auto offer = offer_after(log);
    CHECK(offer["offer_id"] == "o1");
    CHECK(offer["name"] == "Café \"Açaí\"\n");
    CHECK(offer["slug"] == "slug-o1");
    CHECK(offer["status"] == "draft");
    CHECK(offer["type"] == "single");
    CHECK(offer["description"] == "100 % \\ good");
    CHECK(offer["currency"] == "BRL");
    CHECK(offer["clubify_offer_id"] == "remote-o1");
    CHECK(offer["configuration"].dump() == R"({"theme":{"color":"#fff","n":[1,2.5]}})");
    CHECK(offer["metadata"].dump() == R"({"a":{"b":null}})");
    CHECK(offer["products"][0]["product_id"] == "ours");
    CHECK(offer["products"][0]["price_cents"] == 990);
    CHECK(offer["products"][0]["discount"]["value"] == 12.5);
    CHECK(offer["version"] == 1);
    CHECK(offer["position"] == 1);
    CHECK(offer["created_at"] == format_time(log.now));
    CHECK(offer["updated_at"] == offer["created_at"]);
    CHECK_FALSE(offer.contains("activated_at"));
}

TEST_CASE("an edit replaces what it names, whole, and section by section in the configuration") {
    Log log;
    auto created = offer_created("o1", "Old");
    created.description = "kept";
    created.metadata = JsonText(R"({"a":1})");
    created.configuration.theme = JsonText(R"({"color":"red"})");
    created.configuration.seo = JsonText(R"({"title":"t"})");
    log.add(created);
    events::OfferEdited edited;
    edited.offer_id = OfferId("o1");
    edited.name = "New";
    edited.metadata = JsonText(R"({"b":2})");
    edited.configuration.theme = JsonText(R"({"font":"serif"})");
    log.add(edited);
    const auto offer = offer_after(log);
    CHECK(offer["name"] == "New");
    CHECK(offer["description"] == "kept");
    CHECK(offer["metadata"].dump() == R"({"b":2})");
    CHECK(offer["configuration"].dump() == R"({"theme":{"font":"serif"},"seo":{"title":"t"}})");
    CHECK(offer["version"] == 2);
    CHECK(offer["updated_at"] == format_time(log.now));
}

TEST_CASE("an offer's products follow the events about them") {
    Log log;
    log.add(offer_created("o1", "Offer", {line("p1", 100), line("p2", 200)}));
    log.add(events::ProductAddedToOffer{OfferId("o1"), line("p3", 300)});
    log.add(events::ProductInOfferChanged{OfferId("o1"), line("p2", 250)});
    log.add(events::ProductRemovedFromOffer{OfferId("o1"), std::nullopt, ClubifyId("p1")});
    const auto products = offer_after(log)["products"];
    REQUIRE(products.size() == 2);
    CHECK(products[0]["clubify_product_id"] == "p2");
    CHECK(products[0]["price_cents"] == 250);
    CHECK(products[1]["clubify_product_id"] == "p3");
    CHECK_FALSE(products[1].contains("offer_id"));
}

TEST_CASE("an offer's status and its times follow its events") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    const auto activated = format_time(log.now);
    log.add(events::OfferPaused{OfferId("o1"), "stock"});
    CHECK(offer_after(log)["status"] == "paused");
    log.add(events::OfferArchived{OfferId("o1"), std::nullopt});
    const auto offer = offer_after(log);
    CHECK(offer["status"] == "archived");
    CHECK(offer["activated_at"] == activated);
    CHECK(offer["archived_at"] == format_time(log.now));
}

TEST_CASE("an offer folded from its stream is the row of the read model") {
    Log log;
    log.add(offer_created("o1", "Offer", {line("p1", 100)}));
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    log.add(events::ProductInOfferChanged{OfferId("o1"), line("p1", 90)});
    const auto fold = projections::find_projection("offers")->stream_state->fold;
    const auto events = log.read_all(1, {}, 100, store::Direction::forwards);
    CHECK(Json::parse(fold(events)) == offer_after(log));
}

TEST_CASE("two tenants with the same offer id have two offers") {
    Log log("acme");
    log.add(offer_created("o1", "Acme's"));
    log.as("other");
    log.add(offer_created("o1", "Other's"));
    CHECK(offer_after(log)["name"] == "Other's");
    log.as("acme");
    CHECK(offer_after(log)["name"] == "Acme's");
    log.as("third");
    CHECK(offer_after(log).is_null());
}

TEST_CASE("a list is filtered, searched without accents, and sorted by name or time") {
    Log log;
    log.add(offer_created("o1", "Água"));
    log.add(offer_created("o2", "banana"));
    log.add(offer_created("o3", "Açaí"));
    log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    ModelFile model("offers");
    model.follow(log);
    projections::OffersReader reader(model.lease());
    const auto names = [&](const projections::OfferFilter& filter) {
        std::string joined;
        for (const auto& item : reader.list(log.tenant(), filter).items) joined += item.name + ' ';
        return joined;
    };
    CHECK(names(everything()) == "Açaí banana Água ");
    auto filter = everything();
    filter.sort = projections::ListSort::updated_at;
    CHECK(names(filter) == "Água Açaí banana ");
    filter.sort = projections::ListSort::name;
    filter.descending = false;
    CHECK(names(filter) == "Açaí Água banana ");
    filter.search = fold("AÇA");
    CHECK(names(filter) == "Açaí ");
    filter = everything();
    filter.status = "active";
    CHECK(names(filter) == "Água ");
    filter.status = "draft";
    filter.limit = 1;
    CHECK(names(filter) == "Açaí ");
}

TEST_CASE("a page of a list looks at a bounded number of rows, and the next one goes on there") {
    Log log;
    log.add(offer_created("first", "Needle"));
    for (std::size_t i = 0; i < projections::most_looked_at; ++i) {
        log.add(offer_created("o" + std::to_string(i), "Hay"));
    }
    ModelFile model("offers");
    model.follow(log);
    projections::OffersReader reader(model.lease());
    auto filter = everything();
    filter.search = "needle";
    filter.sort = GENERATE(projections::ListSort::created_at, projections::ListSort::updated_at);
    const auto page = reader.list(log.tenant(), filter);
    CHECK(page.items.empty());
    REQUIRE(page.next);
    filter.after = page.next;
    const auto next = reader.list(log.tenant(), filter);
    REQUIRE(next.items.size() == 1);
    CHECK(next.items[0].name == "Needle");
    CHECK_FALSE(next.next);
}

TEST_CASE("a page that is full has a next one only if there is more that fits") {
    Log log;
    for (const auto* id : {"o1", "o2", "o3", "o4"}) log.add(offer_created(id, "Offer"));
    log.add(events::OfferActivated{OfferId("o2"), std::nullopt});
    log.add(events::OfferActivated{OfferId("o4"), std::nullopt});
    ModelFile model("offers");
    model.follow(log);
    projections::OffersReader reader(model.lease());
    auto filter = everything();
    filter.status = "active";
    filter.limit = 1;
    const auto page = reader.list(log.tenant(), filter);
    REQUIRE(page.items.size() == 1);
    CHECK(page.items[0].offer_id == OfferId("o4"));
    filter.after = page.next;
    const auto last = reader.list(log.tenant(), filter);
    REQUIRE(last.items.size() == 1);
    CHECK(last.items[0].offer_id == OfferId("o2"));
    CHECK_FALSE(last.next);
}

TEST_CASE("an event that is not what its type promises is poison, and names itself") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    SECTION("damaged JSON") {
        log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"offer_id":"o1","name":)"});
    }
    SECTION("a name that is no text") {
        log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"name":7})"});
    }
    SECTION("a product that the offer does not have") {
        log.add(events::ProductInOfferChanged{OfferId("o1"), line("p9", 90)});
    }
    SECTION("an offer that was never created") {
        log.add(events::OfferActivated{OfferId("o2"), std::nullopt});
    }
    SECTION("a schema of the future") {
        log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 99, R"({"name":"x"})"});
    }
    ModelFile model("offers");
    try {
        model.follow(log);
        FAIL("the event was applied");
    } catch (const projections::PoisonEvent& poison) {
        CHECK(poison.position == 2);
        CHECK(std::string(poison.what()).find("position 2") != std::string::npos);
    }
    projections::OffersReader reader(model.lease());
    CHECK(reader.find(log.tenant(), OfferId("o1"))->version == 1);
}

}  // namespace vitrine::tests
