#include "projections/sales/reader.hpp"

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
    event.type = type;
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
