// One order, whoever told of it and in whichever order.
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "core/uuid.hpp"
#include "projections/sales/orders_reader.hpp"
#include "projections/sales/reader.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::OrderRow;
using projections::OrdersPage;

const Timestamp noon = *parse_time("2011-04-01T12:00:00Z");

events::OrderLine sold(std::string product, std::int64_t quantity, std::int64_t cents) {
    events::OrderLine line;
    line.product_id = std::move(product);
    line.quantity = quantity;
    line.amount_cents = cents;
    return line;
}

/// Of an import, completed, with what its lines sum to.
events::OrderRecorded whole(std::string id, std::vector<events::OrderLine> lines) {
    events::OrderRecorded order;
    order.order_id = std::move(id);
    order.told_by = "import";
    order.status = "completed";
    order.placed_at = noon;
    order.settled_at = noon;
    order.currency = "BRL";
    for (const auto& line : lines) order.total_cents += line.amount_cents;
    order.lines = std::move(lines);
    return order;
}

events::ClubifyOrderEvent piece(const std::string& type, std::string id, std::int64_t cents) {
    events::ClubifyOrderEvent event;
    event.type = event.type.named(type);
    event.order_id = std::move(id);
    event.amount_cents = cents;
    event.currency = "BRL";
    event.sent_at = noon + std::chrono::minutes(1);
    event.delivery_id = "evt_" + type;
    return event;
}

class Orders {
public:
    explicit Orders(Log& log) : log_(log) { model_.follow(log); }
    OrderRow find(const std::string& id) {
        auto found = reader().find(log_.tenant(), id);
        REQUIRE(found.has_value());
        return *std::move(found);
    }
    std::vector<std::string> ids(OrdersPage page) {
        std::vector<std::string> ids;
        while (true) {
            const auto found = reader().list(log_.tenant(), page);
            for (const auto& row : found.items) ids.push_back(row.order_id);
            if (!found.next) return ids;
            page.after = found.next;
        }
    }
    projections::OrdersReader reader() { return projections::OrdersReader(model_.lease()); }
    std::vector<projections::DaySales> sales(std::optional<ClubifyId> offer = {}) {
        projections::SalesReader reader(model_.lease());
        return reader.by_day(
            log_.tenant(), offer, {*parse_day("2011-01-01"), *parse_day("2011-12-31")}
        );
    }

private:
    Log& log_;
    ModelFile model_{"sales"};
};

}  // namespace

TEST_CASE("an order is found by our id and the platform's, and named by what is known here") {
    Log log;
    auto order = whole("o1", {sold("remote-p1", 2, 300), sold("sku-9", 1, 50)});
    order.offer_id = "slug:cafe";
    order.clubify_customer_id = ClubifyId("c1");
    log.add(order);
    events::CustomerRegistered customer;
    customer.customer_id = events::CustomerId("k1");
    customer.clubify_customer_id = ClubifyId("c1");
    log.add(events::CustomerEvent(customer));
    log.add(events::CustomerEvent(
        events::CustomersMerged{events::CustomerId("k1"), events::CustomerId("k2")}
    ));
    log.add(product_created("p1", 100));
    auto offer = offer_created("f1", "Café");
    offer.slug = "cafe";
    log.add(offer);
    Orders orders(log);
    const auto found = orders.find("o1");
    CHECK(orders.find(events::order_id_of(log.tenant(), "o1").str()).order_id == "o1");
    CHECK(found.offer_id == "f1");
    CHECK(found.customer_id == "k2");
    CHECK(found.sum.total_cents == 350);
    CHECK(found.sum.unexplained_cents == 0);
    CHECK(orders.reader().product(log.tenant(), "remote-p1")->product_id == "p1");
    CHECK_FALSE(orders.reader().product(log.tenant(), "sku-9").has_value());
    CHECK(
        orders.ids({.status = {}, .offer_id = "f1", .customer_id = {}}) ==
        std::vector<std::string>{"o1"}
    );
    CHECK(
        orders.ids({.status = {}, .offer_id = {}, .customer_id = "k2"}) ==
        std::vector<std::string>{"o1"}
    );
    CHECK(orders.ids({.status = {}, .offer_id = "f2", .customer_id = {}}).empty());
    // The offer's sales are of the same order, though it is known by its slug alone.
    const auto sales = orders.sales(offer.clubify_offer_id);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].revenue_cents == 350);
}

TEST_CASE("an order is one, whoever told of it and in whichever order") {
    auto adopted = whole("o1", {sold("p1", 1, 1000)});
    adopted.told_by = "adopt";
    adopted.payment_method = "pix";
    auto created = piece("ClubifyOrderCreated", "o1", 1000);
    created.lines = {sold("p1", 1, 1000)};
    auto refund = piece("ClubifyOrderRefunded", "o1", 400);
    refund.refund_id = "r1";
    std::vector<std::function<void(Log&)>> tellings = {
        [&](Log& log) { log.add(adopted); },
        [&](Log& log) { log.add(whole("o1", {sold("p1", 1, 1000)})); },
        [&](Log& log) { log.add(created); },
        [&](Log& log) { log.add(piece("ClubifyOrderPaid", "o1", 1000)); },
        [&](Log& log) { log.add(refund); },
    };
    std::vector<std::size_t> order(tellings.size());
    std::iota(order.begin(), order.end(), 0);
    do {
        Log log;
        for (const auto i : order) tellings[i](log);
        Orders orders(log);
        const auto& sum = orders.find("o1").sum;
        CHECK(sum.total_cents == 1000);
        CHECK(sum.refunded_cents == 400);
        CHECK(sum.payment_method == "pix");
        CHECK(sum.counted_at == noon.time_since_epoch().count());
        CHECK(sum.placed_at == noon.time_since_epoch().count());
        const auto sales = orders.sales();
        REQUIRE(sales.size() == 1);
        CHECK(sales[0].orders == 1);
        CHECK(sales[0].revenue_cents == 1000);
        CHECK(sales[0].refunded_cents == 400);
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("what comes back is no order, and taken off what was sold") {
    Log log;
    log.add(whole("o1", {sold("p1", 2, 500), sold("p2", -1, -200)}));
    log.add(whole("C1", {sold("p1", -3, -750)}));
    log.add(whole("W1", {sold("p1", -5, 0)}));
    Orders orders(log);
    CHECK(orders.find("o1").sum.status == "completed");
    CHECK(orders.find("o1").sum.returned_cents == 200);
    CHECK(orders.find("o1").sum.total_cents == 300);
    CHECK(orders.find("C1").sum.status == "returned");
    CHECK(orders.find("W1").sum.status == "returned");
    const auto sales = orders.sales();
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].orders == 1);
    CHECK(sales[0].revenue_cents == 500);
    CHECK(sales[0].refunded_cents == 950);
    CHECK(sales[0].refunds == 3);
}

TEST_CASE("an order of several offers is divided among them to the cent") {
    Log log;
    auto order = whole("o1", {sold("p1", 1, 100), sold("p2", 1, 200)});
    order.lines[0].offer_id = "f1";
    order.lines[1].offer_id = "f2";
    order.shipping_cents = 10;
    order.discount_cents = 5;
    order.total_cents = 305;
    order.refunded_cents = 100;
    log.add(order);
    Orders orders(log);
    const auto one = orders.sales(ClubifyId("f1")), other = orders.sales(ClubifyId("f2"));
    REQUIRE(one.size() == 1);
    REQUIRE(other.size() == 1);
    CHECK(one[0].revenue_cents == 102);
    CHECK(other[0].revenue_cents == 203);
    CHECK(one[0].refunded_cents + other[0].refunded_cents == 100);
    CHECK(orders.sales()[0].revenue_cents == 305);
    CHECK(orders.sales()[0].orders == 1);
}

TEST_CASE("what a teller says last takes the place of what it said before") {
    Log log;
    log.add(whole("o1", {sold("p1", 1, 900)}));
    log.add(whole("o1", {sold("p1", 1, 700)}));
    CHECK(Orders(log).find("o1").sum.total_cents == 700);
    auto cancelled = whole("o1", {sold("p1", 1, 700)});
    cancelled.status = "canceled";
    cancelled.settled_at.reset();
    log.add(cancelled);
    Orders orders(log);
    CHECK(orders.find("o1").sum.status == "cancelled");
    CHECK(orders.sales().empty());
    log.add(whole("o1", {sold("p1", 1, 700)}));
    CHECK(Orders(log).sales()[0].revenue_cents == 700);
}

TEST_CASE("lines that do not sum to the total are kept and told") {
    Log log;
    auto order = whole("o1", {sold("p1", 1, 900)});
    order.total_cents = 880;
    log.add(order);
    log.add(whole("o2", {sold("p1", 1, 900)}));
    log.add(piece("ClubifyOrderPaid", "o3", 100));
    Orders orders(log);
    const auto told = orders.reader().unexplained(log.tenant());
    REQUIRE(told.size() == 1);
    CHECK(told[0].order_id == "o1");
    CHECK(told[0].sum.unexplained_cents == -20);
    CHECK(orders.reader().count(log.tenant()) == 3);
    CHECK_FALSE(orders.find("o3").sum.unexplained_cents.has_value());
}

TEST_CASE("pages of orders have each of them once, in order, however they are asked for") {
    CHECK(rc::check("pages", [] {
        Log log;
        std::vector<std::pair<std::int64_t, std::string>> all;
        const auto count = *rc::gen::inRange(0, 30);
        events::CustomerRegistered customer;
        customer.customer_id = events::CustomerId("k1");
        customer.clubify_customer_id = ClubifyId("c1");
        log.add(events::CustomerEvent(customer));
        for (int i = 0; i < count; ++i) {
            auto order = whole("o" + std::to_string(i), {sold("p1", 1, 100)});
            order.placed_at += std::chrono::hours(*rc::gen::inRange(0, 5));
            const bool of_them = *rc::gen::arbitrary<bool>();
            if (of_them && *rc::gen::arbitrary<bool>()) {
                order.customer_id = events::CustomerId("k1");
            } else if (of_them) {
                order.clubify_customer_id = ClubifyId("c1");
            }
            if (of_them)
                all.emplace_back(order.placed_at.time_since_epoch().count(), order.order_id);
            log.add(order);
        }
        std::ranges::sort(all);
        OrdersPage page;
        page.customer_id = "k1";
        page.limit = *rc::gen::inRange<std::size_t>(1, 5);
        page.descending = *rc::gen::arbitrary<bool>();
        if (page.descending) std::ranges::reverse(all);
        std::vector<std::string> expected;
        for (const auto& [at, id] : all) expected.push_back(id);
        RC_ASSERT(Orders(log).ids(page) == expected);
    }));
}

TEST_CASE("a completed checkout is an order, which the platform's tellings do not double") {
    events::CheckoutCompleted completed;
    completed.checkout_id = events::CheckoutId("s1");
    completed.clubify_order_id = ClubifyId("o1");
    completed.clubify_offer_id = ClubifyId("remote-f1");
    completed.customer_id = "k1";
    completed.currency = "BRL";
    completed.payment_method = "pix";
    completed.total_cents = 1250;
    completed.quote =
        JsonText(R"({"lines":[{"product_id":"p1","sku":"A","quantity":2,"total_cents":800},)"
                 R"({"product_id":null,"clubify_product_id":"p2","quantity":1,"total_cents":200}],)"
                 R"("shipping_cents":150,"total_cents":1150})");
    completed.utm = JsonText(R"({"source":"news","campaign":null})");
    auto paid = piece("ClubifyOrderCompleted", "o1", 1250);
    paid.sent_at = noon;
    Log log;
    log.add(events::CheckoutEvent(completed));
    log.add(paid);
    const events::RefundDone part{
        completed.checkout_id, "r1", 300, completed.clubify_order_id, {{0, 1, 250}, {1, 0, 50}}
    };
    log.add(events::CheckoutEvent(part));
    log.add(piece("ClubifyOrderRefunded", "o1", 300));
    Orders orders(log);
    const auto found = orders.find("o1");
    CHECK(found.sum.told_by == "checkout");
    CHECK(found.sum.total_cents == 1250);
    CHECK(found.sum.shipping_cents == 150);
    CHECK(found.sum.unexplained_cents == 0);
    CHECK(found.sum.refunded_cents == 300);
    CHECK(found.sum.payment_method == "pix");
    CHECK(found.sum.source == "news");
    CHECK(found.customer_id == "k1");
    CHECK(found.sum.lines.find(R"("refunded_cents":250)") != std::string::npos);
    CHECK(found.sum.lines.find(R"("kind":"interest")") != std::string::npos);
    const auto sales = orders.sales(ClubifyId("remote-f1"));
    REQUIRE(sales.size() == 1);
    CHECK(sales[0].orders == 1);
    CHECK(sales[0].revenue_cents == 1250);
    CHECK(sales[0].refunded_cents == 300);
}

TEST_CASE("a checkout that gave its money back before it had an order is none") {
    Log log;
    log.add(events::CheckoutEvent(events::RefundDone{events::CheckoutId("s1"), "r1", 300, {}, {}}));
    Orders orders(log);
    CHECK(orders.ids({.status = {}, .offer_id = {}, .customer_id = {}}).empty());
}

}  // namespace vitrine::tests
