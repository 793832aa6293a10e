#include "commands/adoption/adopted_order.hpp"

#include "commands/adoption/compare.hpp"
#include "gateways/clubify/listed_orders.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const Timestamp noon = parse_time("2026-11-30T12:00:00Z").value();

clubify::ListedOrder listed(const std::string& members) {
    const auto page = clubify::read_listed_orders(
        JsonText(
            R"({"data":[{"_id":"o1","total_amount":1650,"createdAt":"2026-11-30T12:00:00Z")" +
            members + "}]}"
        ),
        1
    );
    REQUIRE(page.has_value());
    REQUIRE(page->items.size() == 1);
    return page->items.front();
}

events::OrderRecorded adopted(const std::string& members, const OurIds& ours = {}) {
    return adopted_order(listed(members), ours).value();
}

}  // namespace

TEST_CASE("an order of the platform is taken in with its lines, amounts and buyer", "[order]") {
    OurIds ours;
    ours.customers.emplace(ClubifyId("c1"), events::CustomerId("k1"));
    const auto order = adopted(
        R"(,"status":"completed","payment_status":"paid","completed_at":"2026-11-30T13:00:00Z",)"
        R"("currency":"USD","discount_amount":100,"shipping_amount":250,"payment_method":"pix",)"
        R"("offer_id":"f1","customer":{"id":"c1"},"utm":{"source":"mail","medium":""},)"
        R"("items":[{"product_id":"p1","sku":"A","name":"Mug","quantity":2,"total_amount":1000,)"
        R"("offer_id":"f2"},{"product_id":"p2","unitPrice":250,"quantity":2,"type":"upsell"}])",
        ours
    );
    CHECK(order.order_id == "o1");
    CHECK(order.told_by == "adopt");
    CHECK(order.placed_at == noon);
    CHECK(order.settled_at == noon + std::chrono::hours(1));
    CHECK(order.currency == "USD");
    CHECK(order.total_cents == 1650);
    CHECK(order.discount_cents == 100);
    CHECK(order.shipping_cents == 250);
    CHECK(order.customer_id == events::CustomerId("k1"));
    CHECK(order.clubify_customer_id == ClubifyId("c1"));
    CHECK(order.source == "mail");
    CHECK_FALSE(order.medium.has_value());
    REQUIRE(order.lines.size() == 2);
    CHECK(order.lines[0] == events::OrderLine{"p1", "f2", "A", "Mug", 2, 1000, ""});
    CHECK(order.lines[1] == events::OrderLine{"p2", {}, {}, {}, 2, 500, "upsell"});
}

TEST_CASE("an order counts when it is paid, and not when it was cancelled", "[order]") {
    CHECK(adopted(R"(,"status":"completed")").settled_at == noon);
    CHECK(adopted(R"(,"status":"pending","payment_status":"paid")").settled_at == noon);
    CHECK_FALSE(adopted(R"(,"status":"completed","payment_status":"pending")").settled_at);
    CHECK_FALSE(adopted(R"(,"status":"pending")").settled_at);
    CHECK_FALSE(adopted(R"(,"status":"cancelled","payment_status":"paid")").settled_at);
}

TEST_CASE("what was given back of an order is what is told, or all of it", "[order]") {
    CHECK_FALSE(adopted(R"(,"status":"completed")").refunded_cents);
    CHECK(adopted(R"(,"status":"refunded")").refunded_cents == 1650);
    CHECK(adopted(R"(,"status":"completed","refunded_amount":50)").refunded_cents == 50);
    CHECK(adopted(R"(,"status":"refunded","payment_status":"refunded")").settled_at == noon);
}

TEST_CASE("an order without what makes it one is unreadable, and one of no id a fault", "[order]") {
    const auto page = clubify::read_listed_orders(
        JsonText(R"([{"_id":"o1","total":1},{"id":"o2","createdAt":"2026-11-30T12:00:00Z"},)"
                 R"({"total":1,"createdAt":"2026-11-30T12:00:00Z"}])"),
        1
    );
    REQUIRE(page.has_value());
    CHECK(page->items.empty());
    CHECK(page->unreadable == std::vector<std::string>{"o1", "o2", ""});
    auto order = listed("");
    order.id = "o 1";
    CHECK_FALSE(adopted_order(order, {}).has_value());
    CHECK_FALSE(adopted_order(listed(R"(,"currency":"real")"), {}).has_value());
}

TEST_CASE("an order that is not as it was differs by what changed", "[order]") {
    const auto before = adopted(R"(,"status":"completed")");
    const auto after = adopted(R"(,"status":"refunded")");
    CHECK(compare(before, before).empty());
    const auto differences = compare(before, after);
    REQUIRE(differences.size() == 2);
    CHECK(differences[0].field == "status");
    CHECK(differences[1].field == "refunded_cents");
    CHECK(differences[1].theirs == "1650");
}

TEST_CASE("of a customer it is told what differs and not how", "[customer]") {
    CustomerState ours;
    ours.version = 1;
    ours.id = events::CustomerId("k1");
    ours.email = events::PersonText("ana@example.com");
    ours.name = events::PersonText("Ana");
    clubify::ListedCustomer theirs;
    theirs.id = ClubifyId("c1");
    theirs.email = "ANA@example.com";
    theirs.name = "Ana";
    CHECK(compare(ours, theirs).empty());
    theirs.name = "Bia";
    const auto differences = compare(ours, theirs);
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].field == "name");
    CHECK(differences[0].name.empty());
    CHECK(differences[0].ours.empty());
    CHECK(differences[0].theirs.empty());
    ours.erased = true;
    CHECK(compare(ours, theirs).front().field == "status");
    theirs.status = "deleted";
    CHECK(compare(ours, theirs).empty());
}
