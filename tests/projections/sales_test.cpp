#include "projections/sales/reader.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "projections/sales/projector.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::DaySales;

events::ClubifyOrderEvent told(
    const std::string& type, const std::string& order, std::optional<std::int64_t> cents = {}
) {
    events::ClubifyOrderEvent event;
    event.type = event.type.named(type);
    event.order_id = order;
    if (type.starts_with("ClubifyPayment")) event.payment_id = "pay-" + order;
    event.amount_cents = cents;
    event.currency = "BRL";
    event.clubify_offer_id = ClubifyId("65f0");
    event.source = "google";
    event.sent_at = *parse_time("2011-04-01T12:00:00Z");
    return event;
}

std::vector<DaySales> sales_after(Log& log, std::optional<ClubifyId> offer = {}) {
    ModelFile model("sales");
    model.follow(log);
    projections::SalesReader reader(model.lease());
    return reader.by_day(log.tenant(), offer, {*parse_day("2011-01-01"), *parse_day("2011-12-31")});
}

}  // namespace

TEST_CASE("an order counts once, however often and in whichever order it is told") {
    Log log;
    const auto type = GENERATE(
        std::vector<std::string>{
            "ClubifyOrderCreated", "ClubifyOrderPaid", "ClubifyOrderCompleted"
        },
        std::vector<std::string>{
            "ClubifyOrderCompleted", "ClubifyOrderPaid", "ClubifyOrderCreated"
        },
        std::vector<std::string>{"ClubifyOrderCompleted", "ClubifyOrderCompleted"}
    );
    for (const auto& each : type) log.add(told(each, "o1", 19900));
    const auto sales = sales_after(log);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].day == "2011-04-01");
    CHECK(sales[0].source == "google");
    CHECK(sales[0].orders == 1);
    CHECK(sales[0].revenue_cents == 19900);
}

TEST_CASE("what is only created, or was cancelled, does not count") {
    Log log;
    log.add(told("ClubifyOrderCreated", "o1", 100));
    log.add(told("ClubifyOrderCompleted", "o2", 100));
    log.add(told("ClubifyOrderCancelled", "o2"));
    CHECK(sales_after(log).empty());
}

TEST_CASE("a refund is counted once, and never exceeds its order") {
    Log log;
    log.add(told("ClubifyOrderCompleted", "o1", 1000));
    SECTION("told by the order and by its payment") {
        log.add(told("ClubifyPaymentRefunded", "o1", 400));
        log.add(told("ClubifyOrderRefunded", "o1", 400));
        CHECK(sales_after(log)[0].refunded_cents == 400);
    }
    SECTION("in parts, by payments") {
        log.add(told("ClubifyPaymentRefunded", "o1", 400));
        log.add(told("ClubifyPaymentRefunded", "o1", 100));
        CHECK(sales_after(log)[0].refunded_cents == 500);
    }
    SECTION("without an amount: all of it") {
        log.add(told("ClubifyOrderRefunded", "o1"));
        CHECK(sales_after(log)[0].refunded_cents == 1000);
    }
    SECTION("more than the order") {
        log.add(told("ClubifyOrderRefunded", "o1", 5000));
        CHECK(sales_after(log)[0].refunded_cents == 1000);
    }
    CHECK(sales_after(log)[0].refunds == 1);
    CHECK(sales_after(log)[0].revenue_cents == 1000);
}

TEST_CASE("amounts of two currencies are never added, in whichever order they are told") {
    const auto in = [](const char* currency, events::ClubifyOrderEvent event) {
        event.currency = currency;
        return event;
    };
    const auto paid = in("BRL", told("ClubifyOrderPaid", "o1", 1000));
    const auto given_back = in("USD", told("ClubifyOrderRefunded", "o1", 400));
    Log log;
    if (GENERATE(true, false)) {
        log.add(paid);
        log.add(given_back);
    } else {
        log.add(given_back);
        log.add(paid);
    }
    const auto sales = sales_after(log);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].currency == "BRL");
    CHECK(sales[0].revenue_cents == 1000);
    CHECK(sales[0].refunded_cents == 0);
}

TEST_CASE("which currency an order has does not depend on what was told first") {
    const auto at = [](std::string_view type, const char* currency, std::int64_t cents, int hour) {
        auto event = told(std::string(type), "o1", cents);
        event.currency = currency;
        event.sent_at += std::chrono::hours(hour);
        return event;
    };
    std::vector<events::ClubifyOrderEvent> all = {
        at("ClubifyPaymentPaid", "USD", 190, 0),
        at("ClubifyOrderCreated", "BRL", 900, 1),
        at("ClubifyOrderPaid", "BRL", 1000, 2),
        at("ClubifyPaymentRefunded", "USD", 190, 3),
        at("ClubifyOrderRefunded", "BRL", 300, 4)
    };
    const bool settled_by_order = GENERATE(true, false);
    if (!settled_by_order) all.erase(all.begin() + 2);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), 0);
    do {
        Log log;
        for (const auto i : order) log.add(all[i]);
        const auto sales = sales_after(log);
        REQUIRE(sales.size() == 1);
        CHECK(sales[0].currency == "BRL");
        CHECK(sales[0].revenue_cents == (settled_by_order ? 1000 : 900));
        CHECK(sales[0].refunded_cents == 300);
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("of payments alone the one that was sent first tells the currency") {
    auto first = told("ClubifyPaymentPaid", "o1", 100), second = first;
    second.payment_id = "p2";
    second.currency = "USD";
    second.amount_cents = 20;
    second.sent_at += std::chrono::hours(1);
    Log log;
    const bool as_sent = GENERATE(true, false);
    log.add(as_sent ? first : second);
    log.add(as_sent ? second : first);
    const auto sales = sales_after(log);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].currency == "BRL");
    CHECK(sales[0].revenue_cents == 100);
}

TEST_CASE("an order is settled by its payment too, once, in whichever order they are told") {
    Log log;
    const auto types = GENERATE(
        std::vector<std::string>{"ClubifyPaymentPaid", "ClubifyOrderPaid"},
        std::vector<std::string>{"ClubifyOrderPaid", "ClubifyPaymentPaid"},
        std::vector<std::string>{"ClubifyPaymentPaid"},
        std::vector<std::string>{"ClubifyPaymentPaid", "ClubifyOrderCreated", "ClubifyPaymentPaid"}
    );
    for (const auto& type : types) log.add(told(type, "o1", 1000));
    const auto sales = sales_after(log);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].orders == 1);
    CHECK(sales[0].revenue_cents == 1000);
}

TEST_CASE("the amount of an order does not depend on what was told first") {
    Log log;
    std::vector<events::ClubifyOrderEvent> events = {
        told("ClubifyOrderCreated", "o1", 900),
        told("ClubifyOrderPaid", "o1", 1000),
        told("ClubifyOrderCompleted", "o1", 1100)
    };
    events[2].sent_at += std::chrono::minutes(1);
    const auto order = GENERATE(
        std::array{0, 1, 2},
        std::array{2, 1, 0},
        std::array{1, 0, 2},
        std::array{1, 2, 0},
        std::array{2, 0, 1}
    );
    for (const auto i : order) log.add(events[static_cast<std::size_t>(i)]);
    CHECK(sales_after(log)[0].revenue_cents == 1100);
}

TEST_CASE("a log of before deliveries had an id of their own counts a doubled refund once") {
    Log log;
    log.add(told("ClubifyOrderCompleted", "o1", 1000));
    auto refund = told("ClubifyPaymentRefunded", "o1", 300);
    refund.delivery_id = std::string(64, 'a');  // of the bytes, which the retry changed
    log.add(refund);
    refund.delivery_id = std::string(64, 'b');
    log.add(refund);
    CHECK(sales_after(log)[0].refunded_cents == 300);
    refund.delivery_id = "evt_1";
    log.add(refund);
    CHECK(sales_after(log)[0].refunded_cents == 300);
    refund.delivery_id = "evt_2";
    log.add(refund);
    CHECK(sales_after(log)[0].refunded_cents == 600);
}

TEST_CASE("an order that tells no currency has that of its offer, whenever it becomes known") {
    Log log;
    auto order = told("ClubifyOrderCompleted", "o1", 1000);
    order.currency.reset();
    order.clubify_offer_id = ClubifyId("remote-x");
    const bool before = GENERATE(true, false);
    if (before) log.add(order);
    CHECK((!before || sales_after(log)[0].currency.empty()));
    auto offer = offer_created("x", "X");
    offer.currency = "EUR";
    log.add(offer);
    if (!before) log.add(order);
    CHECK(sales_after(log)[0].currency == "EUR");
}

TEST_CASE("a refund that comes before its order is kept for it") {
    Log log;
    log.add(told("ClubifyOrderRefunded", "o1", 400));
    CHECK(sales_after(log).empty());
    log.add(told("ClubifyOrderCompleted", "o1", 1000));
    CHECK(sales_after(log)[0].refunded_cents == 400);
}

TEST_CASE("the day is the seller's, not Greenwich's") {
    Log log;
    auto late = told("ClubifyOrderCompleted", "o1", 1);
    late.sent_at = *parse_time("2011-04-02T02:59:59Z");
    log.add(late);
    auto early = told("ClubifyOrderCompleted", "o2", 1);
    early.sent_at = *parse_time("2011-04-02T03:00:00Z");
    log.add(early);
    const auto sales = sales_after(log);
    REQUIRE(sales.size() == 2);
    CHECK(sales[0].day == "2011-04-01");
    CHECK(sales[1].day == "2011-04-02");
}

TEST_CASE("sales are of one offer or of all, and of one tenant only") {
    Log log;
    log.add(told("ClubifyOrderCompleted", "o1", 100));
    auto other = told("ClubifyOrderCompleted", "o2", 50);
    other.clubify_offer_id = ClubifyId("65f1");
    log.add(other);
    log.as("other");
    log.add(told("ClubifyOrderCompleted", "o1", 7));
    CHECK(sales_after(log)[0].revenue_cents == 7);
    log.as("acme");
    CHECK(sales_after(log)[0].revenue_cents == 150);
    CHECK(sales_after(log, ClubifyId("65f0"))[0].revenue_cents == 100);
    CHECK(sales_after(log, ClubifyId("none")).empty());
}

}  // namespace vitrine::tests
