#include "queries/activity/list_activity.hpp"

#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {

TEST_CASE("activity names offers and products as they are called now, and is found by that") {
    Shop shop;
    shop.log.add(product_created("p1", 100));
    shop.log.add(offer_created("o1", "Chá", {line("remote-p1", std::nullopt, "p1")}));
    shop.log.add(events::ProductAddedToOffer{OfferId("o1"), line("elsewhere", 70)});
    shop.log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-p1", 90, "p1")});
    events::ProductEdited edited;
    edited.product_id = ProductId("p1");
    edited.name = "Café Bourbon";
    shop.log.add(edited);
    shop.settle();
    const auto items = [&](std::optional<std::string> q) {
        return body_of(queries::list_activity(shop.reads, shop.log.tenant(), {.q = q}))["items"];
    };
    const auto all = items(std::nullopt);
    REQUIRE(all.size() == 5);
    CHECK(all[0]["product_name"] == "Café Bourbon");
    CHECK_FALSE(all[0].contains("offer_name"));
    const auto& changed = all[1];
    CHECK(changed["offer_name"] == "Chá");
    CHECK(changed["product_id"] == "p1");
    CHECK(changed["clubify_product_id"] == "remote-p1");
    CHECK(changed["product_name"] == "Café Bourbon");
    CHECK(changed["summary"].get<std::string>().starts_with("Café Bourbon: quantity"));
    const auto& foreign = all[2];
    CHECK(foreign["product_name"].is_null());
    CHECK(foreign["summary"].get<std::string>().starts_with("elsewhere: quantity"));

    CHECK(items("bourbon").size() == 3);  // created under another name
    CHECK(items("CHA").size() == 3);      // all that concerns the offer
    CHECK(items("elsewhere").size() == 1);
    CHECK(items("remote-p1").size() == 1);
    CHECK(items("nothing").empty());
}

}  // namespace vitrine::tests
