#include <rapidcheck.h>

#include <set>

#include "queries/offers/list_offers.hpp"
#include "queries/sales/best_sellers.hpp"
#include "queries/sales/sales.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Days = queries::DaysParameters;

/// Now is 2011-03-13 in São Paulo.
struct Seller {
    Shop shop;
    int orders = 0;

    void sold(
        const std::string& offer,
        std::int64_t cents,
        const char* time,
        const char* currency = "BRL",
        const char* source = "google"
    ) {
        events::ClubifyOrderEvent event;
        event.type = "ClubifyOrderCompleted";
        event.order_id = "order" + std::to_string(++orders);
        event.amount_cents = cents;
        event.currency = currency;
        event.clubify_offer_id = ClubifyId("remote-" + offer);
        event.source = source;
        event.sent_at = *parse_time(time);
        shop.log.add(event);
    }
    void offer(const std::string& id, const char* name, const char* currency = "BRL") {
        auto event = offer_created(id, name);
        event.currency = currency;
        shop.log.add(event);
    }
    queries::Result sales(const Days& days, std::optional<OfferId> offer = std::nullopt) {
        return queries::sales(shop.reads, shop.log.tenant(), offer, days);
    }
    queries::Result best(const queries::BestSellersParameters& parameters) {
        return queries::best_sellers(shop.reads, shop.log.tenant(), parameters);
    }
    /// "o1=300 o2=0", page by page.
    std::string listed(queries::ListParameters parameters, const char* limit = "1000") {
        std::string text;
        parameters.limit = limit;
        do {
            const auto page = queries::list_offers(shop.reads, shop.log.tenant(), parameters);
            for (const auto& item : body_of(page)["items"]) {
                if (!text.empty()) text += ' ';
                text += item["offer_id"].get<std::string>() + '=' + item["revenue_cents"].dump();
            }
            parameters.cursor.reset();
            if (!page->next_cursor.empty()) parameters.cursor = page->next_cursor;
        } while (parameters.cursor);
        return text;
    }
};

}  // namespace

TEST_CASE("sales have every day that is asked about, also those on which nothing was sold") {
    Seller seller;
    seller.offer("o1", "Café");
    seller.sold("o1", 100, "2011-03-10T12:00:00Z");
    seller.sold("o1", 50, "2011-03-10T12:00:00Z", "BRL", "");
    seller.sold("o1", 7, "2011-01-05T12:00:00Z");
    seller.shop.settle();
    const auto week = body_of(seller.sales({.period = "7_days"}, OfferId("o1")));
    CHECK(week["name"] == "Café");
    CHECK(week["period"] == "7_days");
    CHECK(week["from"] == "2011-03-07");
    CHECK(week["to"] == "2011-03-13");
    CHECK(week["time_zone"] == "America/Sao_Paulo");
    CHECK(week["first_day"] == "2011-01-05");
    CHECK(week["last_day"] == "2011-03-10");
    REQUIRE(week["days"].size() == 7);
    CHECK(week["days"][0]["day"] == "2011-03-07");
    CHECK(week["days"][0]["orders"] == 0);
    CHECK(week["days"][0]["currency"] == "BRL");
    CHECK(week["days"][0]["by_source"].empty());
    CHECK(week["days"][3]["revenue_cents"] == 150);
    CHECK(week["days"][3]["by_source"].size() == 2);
    CHECK(week["totals"].size() == 1);
    CHECK(week["totals"][0]["revenue_cents"] == 150);

    const auto days = body_of(seller.sales({.from = "2011-01-05", .to = "2011-01-06"}));
    CHECK(days["period"].is_null());
    REQUIRE(days["days"].size() == 2);
    CHECK(days["days"][0]["revenue_cents"] == 7);
    const auto none = body_of(seller.sales({.from = "2011-02-01", .to = "2011-02-28"}));
    CHECK(none["days"].size() == 28);
    CHECK(none["days"][27]["currency"] == "BRL");
    CHECK(none["totals"].empty());
}

TEST_CASE("days are asked for by a period, or by the first and the last of them") {
    Seller seller;
    seller.shop.settle();
    const auto faults = [&](const Days& days) { return faults_of(seller.sales(days)); };
    CHECK(faults({.from = "2011-03-13"}) == "no faults");
    CHECK(faults({.from = "2011-03-13", .to = "2011-03-13"}) == "no faults");
    CHECK(faults({.period = "7_days", .from = "2011-03-01"}) == "/period");
    CHECK(faults({.to = "2011-03-01"}) == "/from");
    CHECK(faults({.from = "2011-03-02", .to = "2011-03-01"}) == "/from");
    CHECK(faults({.from = "2011-02-29", .to = "yesterday"}) == "/from /to");
    CHECK(faults({.from = "1999-01-01", .to = "2011-03-01"}) == "/from");
    CHECK(faults({.period = "a while"}) == "/period");
    CHECK(body_of(seller.sales({}))["days"].size() == 30);
}

TEST_CASE("best sellers are of everything, each with its share of what its currency earned") {
    Seller seller;
    seller.offer("o1", "Café");
    seller.offer("o2", "Chá");
    seller.sold("o1", 100, "2011-03-10T12:00:00Z");
    seller.sold("o2", 200, "2010-03-10T12:00:00Z");
    seller.sold("o2", 100, "2011-03-10T12:00:00Z", "BRL", "");
    seller.sold("o2", 50, "2011-03-10T12:00:00Z", "USD");
    seller.sold("gone", 100, "2011-03-10T12:00:00Z");
    seller.shop.log.as("other");
    seller.sold("o1", 9999, "2011-03-10T12:00:00Z");
    seller.shop.log.as("acme");
    seller.shop.settle();

    const auto all = body_of(seller.best({}));
    CHECK(all["by"] == "offer");
    CHECK(all["from"] == "2010-03-10");
    CHECK(all["to"] == "2011-03-10");
    REQUIRE(all["items"].size() == 4);
    const auto& first = all["items"][0];
    CHECK(first["offer_id"] == "o2");
    CHECK(first["clubify_offer_id"] == "remote-o2");
    CHECK(first["name"] == "Chá");
    CHECK(first["revenue_cents"] == 300);
    CHECK(first["orders"] == 2);
    CHECK(first["share"] == 0.6);
    CHECK(all["items"][1]["name"].is_null());  // of an offer that nobody told us of
    CHECK(all["items"][3]["currency"] == "USD");
    CHECK(all["items"][3]["share"] == 1.0);
    REQUIRE(all["totals"].size() == 2);
    CHECK(all["totals"][0]["currency"] == "BRL");
    CHECK(all["totals"][0]["revenue_cents"] == 500);

    const auto top = body_of(seller.best({.currency = "BRL", .limit = "1"}));
    CHECK(top["items"].size() == 1);
    CHECK(top["items"][0]["share"] == 0.6);
    CHECK(top["totals"].size() == 1);
    CHECK(top["totals"][0]["revenue_cents"] == 500);

    const auto month = body_of(seller.best({.days = {.period = "30_days"}, .currency = "BRL"}));
    CHECK(month["from"] == "2011-02-12");
    CHECK(month["items"].size() == 3);
    CHECK(month["items"][0]["revenue_cents"] == 100);

    const auto sources = body_of(seller.best({.by = "source", .currency = "BRL"}));
    CHECK(sources["items"][0]["source"] == "google");
    CHECK(sources["items"][0]["revenue_cents"] == 400);
    CHECK(sources["items"][1]["source"].is_null());

    CHECK(faults_of(seller.best({.by = "product"})) == "/by");
    CHECK(
        faults_of(seller.best({.by = "moon", .days = {.period = "x"}, .limit = "0"})) ==
        "/by /limit /period"
    );
}

TEST_CASE("offers are listed by what they earned in their currency, with those that earned nothing"
) {
    Seller seller;
    for (const auto* id : {"o1", "o2", "o3", "o4", "o5"}) seller.offer(id, id);
    seller.offer("o6", "dollars", "USD");
    seller.sold("o2", 200, "2010-03-10T12:00:00Z");
    seller.sold("o4", 300, "2011-03-10T12:00:00Z");
    seller.sold("o5", 10, "2011-03-10T12:00:00Z");
    seller.sold("o6", 50, "2011-03-10T12:00:00Z", "USD");
    seller.sold("o1", 999, "2011-03-10T12:00:00Z", "USD");  // not its currency
    seller.sold("gone", 5000, "2011-03-10T12:00:00Z");
    seller.shop.settle();
    const std::string descending = "o4=300 o2=200 o5=10 o6=50 o3=0 o1=0";
    const std::string ascending = "o1=0 o3=0 o5=10 o2=200 o4=300 o6=50";
    for (const auto* limit : {"1", "2", "3", "4", "5", "6", "1000"}) {
        CAPTURE(limit);
        CHECK(seller.listed({.sort = "-revenue_cents"}, limit) == descending);
        CHECK(seller.listed({.sort = "-revenue"}, limit) == descending);
        CHECK(seller.listed({.sort = "revenue_cents"}, limit) == ascending);
    }
    queries::ListParameters month{.sort = "-revenue_cents", .days = {.period = "30_days"}};
    CHECK(seller.listed(month, "2") == "o4=300 o5=10 o6=50 o3=0 o2=0 o1=0");
    CHECK(seller.listed({.q = "dollars", .sort = "-revenue_cents"}, "1") == "o6=50");
    CHECK(seller.listed({.status = "active", .sort = "-revenue_cents"}).empty());
    CHECK(
        seller.listed({.sort = "name", .days = {.from = "2011-03-01"}}, "4") ==
        "o6=50 o1=0 o2=0 o3=0 o4=300 o5=10"
    );
}

TEST_CASE("amounts of two currencies are not compared: that with the most orders comes first") {
    Seller seller;
    seller.offer("o1", "One");
    seller.offer("o2", "Two");
    seller.offer("o3", "Three", "USD");
    seller.sold("o1", 100, "2011-03-10T12:00:00Z");
    seller.sold("o2", 200, "2011-03-10T12:00:00Z");
    seller.sold("o3", 90000, "2011-03-10T12:00:00Z", "USD");
    seller.sold("o2", 80000, "2011-03-10T12:00:00Z", "USD");
    seller.sold("o2", 1, "2011-03-10T12:00:00Z");
    seller.shop.settle();
    CHECK(seller.listed({.sort = "-revenue_cents"}) == "o2=201 o1=100 o3=90000");
    CHECK(seller.listed({.sort = "revenue_cents"}) == "o1=100 o2=201 o3=90000");
    const std::string whole = "o2 BRL 201, o1 BRL 100, o3 USD 90000, o2 USD 80000";
    for (const auto* limit : {"1", "2", "3", "4", "50"}) {
        CAPTURE(limit);
        std::string found;
        queries::BestSellersParameters parameters{.limit = limit};
        do {
            const auto page = seller.best(parameters);
            const auto body = body_of(page);
            for (const auto& item : body["items"]) {
                if (!found.empty()) found += ", ";
                found += item["offer_id"].get<std::string>() + ' ' +
                         item["currency"].get<std::string>() + ' ' + item["revenue_cents"].dump();
            }
            CHECK(body["totals"].size() == 2);
            CHECK(body["next_cursor"].is_null() == page->next_cursor.empty());
            parameters.cursor.reset();
            if (!page->next_cursor.empty()) parameters.cursor = page->next_cursor;
        } while (parameters.cursor);
        CHECK(found == whole);
    }
    queries::BestSellersParameters other{.limit = "1"};
    other.cursor = seller.best(other)->next_cursor;
    other.by = "source";
    CHECK(faults_of(seller.best(other)) == "/cursor");
    other.by.reset();
    other.currency = "BRL";
    CHECK(faults_of(seller.best(other)) == "/cursor");
    other.currency.reset();
    other.cursor = "x";
    CHECK(faults_of(seller.best(other)) == "/cursor");
}

TEST_CASE("a page by revenue goes on with the days of the first one, and with no other list") {
    Seller seller;
    for (const auto* id : {"o1", "o2"}) {
        seller.offer(id, id);
        seller.sold(id, 100, "2011-03-13T12:00:00Z");
    }
    seller.shop.settle();
    queries::ListParameters parameters{
        .sort = "-revenue_cents", .limit = "1", .days = {.period = "today"}
    };
    const auto list = [&] {
        return queries::list_offers(seller.shop.reads, seller.shop.log.tenant(), parameters);
    };
    parameters.cursor = list()->next_cursor;
    seller.shop.log.now += std::chrono::hours(24);
    CHECK(body_of(list())["from"] == "2011-03-13");
    CHECK(body_of(list())["items"][0]["revenue_cents"] == 100);
    parameters.days.period = "7_days";
    CHECK(faults_of(list()) == "/cursor");
    parameters.days.period = "today";
    parameters.sort = "revenue_cents";
    CHECK(faults_of(list()) == "/cursor");
    parameters.sort = "-created_at";
    CHECK(faults_of(list()) == "/cursor");
    parameters.cursor.reset();
    parameters.as_of = queries::read_moment(seller.shop.reads, "1");
    CHECK(faults_of(list()) == "/as_of");
}

}  // namespace vitrine::tests
