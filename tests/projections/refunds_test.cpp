#include "projections/sales/refunds.hpp"

#include "projections/sales/order.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::projections;

namespace {

RefundTold by_order(std::int64_t cents, std::string mark = {}) {
    return {"", cents, {}, "", std::move(mark)};
}

RefundTold by_payment(std::int64_t cents, std::string mark = {}, std::string payment = "p1") {
    return {std::move(payment), cents, {}, "", std::move(mark)};
}

std::int64_t of(std::vector<RefundTold> told) {
    const auto there = refunded_cents(1000, {}, told);
    std::ranges::reverse(told);
    CHECK(refunded_cents(1000, {}, told) == there);
    return there;
}

}  // namespace

TEST_CASE("refunds in parts add up") {
    CHECK(of({by_order(300), by_order(200)}) == 500);
    CHECK(of({by_payment(300), by_payment(200)}) == 500);
    CHECK(of({by_order(300), by_payment(200)}) == 500);
    CHECK(of({by_order(300, "delivery a"), by_order(300, "delivery b")}) == 600);
}

TEST_CASE("one refund that the order and its payment tell is one") {
    CHECK(of({by_order(300), by_payment(300)}) == 300);
    CHECK(of({by_order(300, "delivery a"), by_payment(300, "delivery b")}) == 300);
    CHECK(
        of({by_order(300, "delivery a"),
            by_order(300, "delivery b"),
            by_payment(300, "delivery c"),
            by_payment(300, "delivery d")}) == 600
    );
    CHECK(of({by_order(800), by_payment(500), by_payment(300, "", "p2")}) == 800);
}

TEST_CASE("what nothing tells apart is one refund, and one that is known already") {
    CHECK(of({by_order(300), by_order(300)}) == 300);
    CHECK(of({by_order(300, "delivery a"), by_order(300)}) == 300);
}

TEST_CASE("a refund's own id says which one it is") {
    const RefundTold one{"", 100, {}, "r1", ""}, same{"p1", 100, {}, "r1", ""};
    const RefundTold other{"p1", 100, {}, "r2", ""};
    CHECK(of({one, same}) == 100);
    CHECK(of({one, other}) == 200);
    CHECK(of({one, same, other}) == 200);
}

TEST_CASE("what is told as so far is at least that") {
    const RefundTold first{"", 100, 100, "", "so far 100"}, second{"", 100, 200, "", "so far 200"};
    CHECK(of({first, second}) == 200);
    CHECK(of({second}) == 200);
    CHECK(of({{"", {}, 450, "", ""}, {"", {}, 100, "", ""}}) == 450);
    CHECK(of({{"p1", {}, 300, "", ""}, {"p2", {}, 200, "", ""}}) == 500);
}

TEST_CASE("a refund without an amount is of everything, and none exceeds its order") {
    CHECK(of({{"", {}, {}, "", ""}}) == 1000);
    CHECK(of({by_order(700), by_order(600)}) == 1000);
    CHECK(refunded_cents(1000, {{"p1", 400}}, {{"p1", {}, {}, "", ""}}) == 400);
}

TEST_CASE("the movements of an order survive being written") {
    SoldOrder order;
    order.payments = {{"p1", 5}, {"p2", 0}};
    order.refunds = {
        {"p1", 3, {}, "r1", ""},
        {"", {}, 4, "", "changed 2026-01-01T00:00:00Z"},
        {"", {}, {}, "", ""}
    };
    SoldOrder read;
    read.read_movements(order.movements());
    CHECK(read.payments == order.payments);
    CHECK(read.refunds == order.refunds);
}
