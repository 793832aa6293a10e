#include "queries/offers/price_history.hpp"

#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

constexpr auto day = std::chrono::hours(24);

/// An offer whose product cost 5000 for 40 days, then 9000; 7000 for one day; then 9000 again.
struct Prices {
    Shop shop;
    Timestamp first, raised, sale, after;

    Prices() {
        auto& log = shop.log;
        log.add(offer_created("o1", "One", {line("remote-p1", 5000, "p1")}));
        first = log.now;
        log.add(events::OfferActivated{OfferId("o1"), {}});
        raised = change(40, 9000);
        sale = change(10, 7000);
        after = change(1, 9000);
        shop.settle();
    }

    Timestamp change(int days, std::int64_t price) {
        shop.log.now += days * day;
        shop.log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-p1", price, "p1")});
        return shop.log.now;
    }

    Json at(Timestamp time) {
        const auto tenant = shop.log.tenant();
        return body_of(queries::price_history(shop.reads, tenant, OfferId("o1"), format_time(time))
        )["products"][0];
    }
};

}  // namespace

TEST_CASE("every price of a product is told with the time in which it held") {
    Prices prices;
    const auto product = prices.at(prices.shop.log.now);
    CHECK(product["product_id"] == "p1");
    CHECK(product["price_cents"] == 9000);
    CHECK(product["currency"] == "BRL");
    const auto& list = product["prices"];
    REQUIRE(list.size() == 4);
    CHECK(list[0]["price_cents"] == 5000);
    CHECK(list[0]["since"] == format_time(prices.first));
    CHECK(list[0]["until"] == format_time(prices.raised));
    CHECK(list[3]["until"].is_null());
    CHECK(list[3]["position"] == 5);
}

TEST_CASE("the lowest price of 30 days is that of any moment of them, also of their first") {
    Prices prices;
    const auto lowest_at = [&](Timestamp time) {
        return prices.at(time)["lowest_30_days"]["price_cents"];
    };
    CHECK(lowest_at(prices.raised) == 5000);
    CHECK(lowest_at(prices.sale) == 5000);
    // 5000 held until `raised`, which is more than 30 days before.
    prices.shop.log.now = prices.raised + 30 * day;
    CHECK(lowest_at(prices.raised + 30 * day - std::chrono::seconds(1)) == 5000);
    CHECK(lowest_at(prices.raised + 30 * day) == 7000);
    prices.shop.log.now = prices.after + 31 * day;
    CHECK(lowest_at(prices.after + 31 * day) == 9000);
    CHECK(prices.at(prices.first - day)["lowest_30_days"].is_null());
    CHECK(prices.at(prices.first - day)["price_cents"].is_null());
}

TEST_CASE("a product that left the offer has no price, and its own price counts where none is set"
) {
    Shop shop;
    shop.log.add(product_created("p1", 300));
    shop.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    shop.log.add(events::OfferActivated{OfferId("o1"), {}});
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 200, "BRL"});
    shop.log.add(
        events::ProductRemovedFromOffer{OfferId("o1"), ProductId("p1"), ClubifyId("remote-p1")}
    );
    shop.settle();
    const auto history =
        queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt);
    const auto product = body_of(history)["products"][0];
    CHECK(product["price_cents"].is_null());
    CHECK(product["prices"].size() == 2);
    CHECK(product["prices"][1]["until"] == format_time(shop.log.now));
    CHECK(product["lowest_30_days"]["price_cents"] == 200);
}

TEST_CASE("beside the lowest price stands that of the 30 days before the last reduction") {
    Prices prices;
    const auto before = [&](Timestamp time) {
        return prices.at(time)["lowest_30_days_before_reduction"];
    };
    CHECK(before(prices.raised).is_null());
    CHECK(prices.at(prices.raised)["no_reduction"] == "not_reduced");
    // Reduced from 9000 to 7000, 10 days after 5000 had ended.
    const auto told = before(prices.sale);
    CHECK(told["price_cents"] == 5000);
    CHECK(told["from"] == format_time(prices.sale - 30 * day));
    CHECK(told["to"] == format_time(prices.sale));
    CHECK(told["reduced_at"] == format_time(prices.sale));
    CHECK(told["reduced_to_cents"] == 7000);
    CHECK_FALSE(prices.at(prices.sale).contains("no_reduction"));
    CHECK(before(prices.after) == told);
}

TEST_CASE("what buyers are shown is the price after the discount, and that is what is reduced") {
    Shop shop;
    shop.log.add(product_created("p1", 1000));
    auto product = line("remote-p1", std::nullopt, "p1");
    product.quantity = 3;
    shop.log.add(offer_created("o1", "One", {product}));
    shop.log.add(events::OfferActivated{OfferId("o1"), {}});
    const auto offered = shop.log.now;
    shop.log.now += 5 * day;
    product.discount = events::Discount{"percentage", JsonText("33")};
    shop.log.add(events::ProductInOfferChanged{OfferId("o1"), product});
    const auto reduced = shop.log.now;
    shop.settle();
    const auto body =
        body_of(queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt));
    CHECK(body["name"] == "One");
    const auto& told = body["products"][0];
    CHECK(told["name"] == "Product p1");
    CHECK(told["price_cents"] == 1000);
    CHECK(told["effective_cents"] == 670);
    CHECK(told["lowest_30_days"]["price_cents"] == 1000);
    CHECK(told["lowest_30_days"]["effective_cents"] == 670);
    CHECK(told["lowest_30_days"]["effective_since"] == format_time(reduced));
    const auto& before = told["lowest_30_days_before_reduction"];
    CHECK(before["price_cents"] == 1000);
    CHECK(before["list_price_cents"] == 1000);
    CHECK(before["from"] == format_time(offered));  // it was not sold for longer
    CHECK(before["reduced_at"] == format_time(reduced));
    CHECK(told["prices"].size() == 2);
    CHECK(told["prices"][1]["effective_cents"] == 670);
}

TEST_CASE("a price that nobody could pay is no lowest one, and none that was reduced") {
    Shop shop;
    auto& log = shop.log;
    const auto price = [&](int days, std::int64_t cents) {
        log.now += days * day;
        log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-p1", cents, "p1")});
        return log.now;
    };
    const auto told = [&] {
        shop.settle();
        return body_of(queries::price_history(shop.reads, log.tenant(), OfferId("o1"), std::nullopt)
        )["products"][0];
    };
    log.add(offer_created("o1", "One", {line("remote-p1", 100, "p1")}));
    price(1, 90);
    CHECK(told()["lowest_30_days"].is_null());
    CHECK(told()["no_reduction"] == "not_reduced");
    CHECK(told()["price_cents"] == 90);
    CHECK(told()["prices"].size() == 2);

    price(1, 5000);
    log.add(events::OfferActivated{OfferId("o1"), {}});
    const auto activated = log.now;
    CHECK(told()["lowest_30_days"]["price_cents"] == 5000);
    CHECK(told()["lowest_30_days"]["since"] == format_time(activated));
    CHECK(told()["no_reduction"] == "not_reduced");

    log.now += 5 * day;
    log.add(events::OfferPaused{OfferId("o1"), {}});
    price(1, 1000);
    price(1, 4000);
    CHECK(told()["no_reduction"] == "not_reduced");
    CHECK(told()["lowest_30_days"]["price_cents"] == 5000);
    log.add(events::OfferActivated{OfferId("o1"), {}});
    const auto again = log.now;
    const auto before = told()["lowest_30_days_before_reduction"];
    CHECK(before["price_cents"] == 5000);
    CHECK(before["list_price_cents"] == 5000);
    CHECK(before["from"] == format_time(activated));
    CHECK(before["reduced_at"] == format_time(again));
    CHECK(before["reduced_to_cents"] == 4000);
    CHECK(told()["lowest_30_days"]["price_cents"] == 4000);

    log.add(events::OfferArchived{OfferId("o1"), {}});
    log.now += 31 * day;
    CHECK(told()["lowest_30_days"].is_null());
}

TEST_CASE("a product that comes back into its offer cheaper is reduced") {
    Shop shop;
    auto& log = shop.log;
    const OfferId offer("o1");
    const auto told = [&] {
        shop.settle();
        return body_of(queries::price_history(shop.reads, log.tenant(), offer, std::nullopt)
        )["products"][0];
    };
    const auto take_out = [&](int days) {
        log.now += days * day;
        log.add(events::ProductRemovedFromOffer{offer, ProductId("p1"), ClubifyId("remote-p1")});
        return log.now;
    };
    const auto put_back = [&](int days, std::int64_t price) {
        log.now += days * day;
        log.add(events::ProductAddedToOffer{offer, line("remote-p1", price, "p1")});
        return log.now;
    };
    const auto before = "lowest_30_days_before_reduction";
    log.add(
        offer_created("o1", "One", {line("remote-p1", 10000, "p1"), line("remote-p2", 500, "p2")})
    );
    log.add(events::OfferActivated{offer, {}});
    const auto first = log.now;

    take_out(20);
    const auto same = put_back(1, 10000);
    CHECK(told()["no_reduction"] == "not_reduced");
    take_out(1);
    put_back(5, 12000);
    CHECK(told()["no_reduction"] == "not_reduced");

    // What was paid before it left counts from when the 30 days begin.
    take_out(1);
    const auto reduced = put_back(5, 8000);
    auto least = told()[before];
    CHECK(least["price_cents"] == 10000);
    CHECK(least["from"] == format_time(reduced - 30 * day));
    CHECK(reduced - 30 * day > first);
    CHECK(reduced - 30 * day < same);
    CHECK(least["reduced_at"] == format_time(reduced));
    CHECK(least["reduced_to_cents"] == 8000);
    CHECK(told()["lowest_30_days"]["effective_cents"] == 8000);
    CHECK(told()["prices"].size() == 4);

    // Nobody could pay anything for it in the 30 days before: they have no lowest price.
    take_out(1);
    CHECK(told()[before] == least);
    const auto returned = put_back(30, 7000);
    CHECK(told()[before].is_null());
    CHECK(told()["no_reduction"] == "no_price_before");

    // The days without it are not part of the time that is told.
    take_out(1);
    const auto again = put_back(1, 6000);
    least = told()[before];
    CHECK(least["price_cents"] == 7000);
    CHECK(least["from"] == format_time(returned));
    CHECK(least["reduced_at"] == format_time(again));
}

TEST_CASE("a reduction is found across a time in which the price is not known") {
    Shop shop;
    auto& log = shop.log;
    const OfferId offer("o1");
    auto product = line("remote-p1", 1000, "p1");
    log.add(offer_created("o1", "One", {product}));
    log.add(events::OfferActivated{offer, {}});
    for (const auto* discount : {R"("much")", "10"}) {
        log.now += day;
        product.discount = events::Discount{"percentage", JsonText(discount)};
        log.add(events::ProductInOfferChanged{offer, product});
    }
    shop.settle();
    const auto told = body_of(queries::price_history(shop.reads, log.tenant(), offer, std::nullopt)
    )["products"][0];
    CHECK(told["prices"][1]["effective_cents"].is_null());
    CHECK(told["lowest_30_days_before_reduction"]["price_cents"] == 1000);
    CHECK(told["lowest_30_days_before_reduction"]["reduced_to_cents"] == 900);
}

TEST_CASE("an offer that was adopted as it was sold has been on sale since") {
    Shop shop;
    events::OfferAdopted adopted;
    static_cast<events::OfferCreated&>(adopted) =
        offer_created("o1", "One", {line("remote-p1", 700)});
    adopted.status = GENERATE("active", "paused", "draft");
    shop.log.add(adopted);
    shop.settle();
    const auto body =
        body_of(queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt));
    CHECK(body["products"][0]["lowest_30_days"].is_null() == (adopted.status != "active"));
}

TEST_CASE("the list price stands beside the lowest that was paid before a reduction") {
    Shop shop;
    auto product = line("remote-p1", 1000, "p1");
    product.discount = events::Discount{"percentage", JsonText("10")};
    shop.log.add(offer_created("o1", "One", {product}));
    shop.log.add(events::OfferActivated{OfferId("o1"), {}});
    shop.log.now += day;
    product.discount = events::Discount{"percentage", JsonText("20")};
    shop.log.add(events::ProductInOfferChanged{OfferId("o1"), product});
    shop.settle();
    const auto body =
        body_of(queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt));
    const auto& before = body["products"][0]["lowest_30_days_before_reduction"];
    CHECK(before["price_cents"] == 900);
    CHECK(before["list_price_cents"] == 1000);
    CHECK(before["reduced_to_cents"] == 800);
}

TEST_CASE("a product whose price the platform did not tell has none, not one of 0") {
    Shop shop;
    events::ProductAdopted adopted;
    static_cast<events::ProductCreated&>(adopted) = product_created("p1", 0);
    adopted.price_cents.reset();
    shop.log.add(adopted);
    shop.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    shop.log.add(events::OfferActivated{OfferId("o1"), {}});
    shop.settle();
    const auto asked = [&] {
        return body_of(
            queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt)
        )["products"][0];
    };
    CHECK(asked()["price_cents"].is_null());
    CHECK(asked()["prices"].empty());
    CHECK(asked()["lowest_30_days"].is_null());
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 300, "BRL"});
    shop.settle();
    CHECK(asked()["price_cents"] == 300);
    CHECK(asked()["no_reduction"] == "not_reduced");
}

TEST_CASE("a product that the platform has told of since has a price, without an id of ours before"
) {
    Shop shop;
    shop.log.add(offer_created("o1", "One", {line("remote-p1")}));
    shop.log.add(product_created("p1", 300));
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 200, "BRL"});
    shop.settle();
    const auto body =
        body_of(queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt));
    CHECK(body["products"][0]["name"] == "Product p1");
    CHECK(body["products"][0]["price_cents"] == 200);
    CHECK(body["products"][0]["prices"].size() == 2);
}

TEST_CASE("a price history is its tenant's alone, and ends now") {
    Prices prices;
    const auto asked = [&](const char* tenant, const char* id, std::optional<std::string> at) {
        return queries::price_history(prices.shop.reads, TenantId(tenant), OfferId(id), at);
    };
    using Kind = queries::QueryError::Kind;
    CHECK(asked("other", "o1", std::nullopt).error().kind == Kind::not_found);
    CHECK(asked("acme", "o2", std::nullopt).error().kind == Kind::not_found);
    CHECK(faults_of(asked("acme", "o1", "then")) == "/at");
    CHECK(faults_of(asked("acme", "o1", format_time(prices.shop.log.now + day))) == "/at");
}

TEST_CASE("prices are not told while an event of the tenant is parked: some would be missing") {
    Shop shop;
    shop.log.add(offer_created("o1", "One", {line("remote-p1", 5000, "p1")}));
    const auto position =
        shop.log.add(events::ProductInOfferChanged{OfferId("o1"), line("remote-p1", 4000, "p1")});
    shop.log.replace_data(position, R"({"offer_id":"o1","clubify_product_id":7})");
    shop.settle();
    const auto answer =
        queries::price_history(shop.reads, shop.log.tenant(), OfferId("o1"), std::nullopt);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == queries::QueryError::Kind::not_ready);
    CHECK(answer.error().detail.english().contains("position 2 could not be applied"));
    CHECK(answer.error().retry_after == std::chrono::minutes(1));  // it waits for an operator
    const auto other = queries::price_history(shop.reads, TenantId("other"), OfferId("o1"), {});
    REQUIRE_FALSE(other);
    CHECK(other.error().kind == queries::QueryError::Kind::not_found);
}

}  // namespace vitrine::tests
