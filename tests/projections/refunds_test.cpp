#include "projections/sales/refunds.hpp"

#include <rapidcheck.h>

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

TEST_CASE("the order and its payments each tell all refunds: the greater sum counts") {
    CHECK(of({by_order(300), by_payment(200)}) == 300);
    CHECK(of({by_payment(100, "a"), by_payment(100, "b"), by_order(200)}) == 200);
    CHECK(of({by_payment(100, "a"), by_payment(100, "b"), by_order(200), by_order(5)}) == 205);
    CHECK(of({by_order(200), by_payment(100, "a")}) == 200);
    CHECK(of({by_order(200), by_payment(100, "a"), by_payment(100, "b")}) == 200);
}

TEST_CASE("no payment gives back more than was paid by it") {
    const Payments paid = {{"p1", 400}, {"p2", 600}, {"p3", 0}};
    CHECK(refunded_cents(1000, paid, {by_payment(500)}) == 400);
    CHECK(refunded_cents(1000, paid, {by_payment(500), by_payment(100, "", "p2")}) == 500);
    CHECK(refunded_cents(1000, paid, {by_payment(500, "", "p3")}) == 500);  // not known
}

TEST_CASE("what was given back is a matter of what was told, not of when") {
    const auto some = [](auto... each) { return rc::gen::element<std::string>(each...); };
    CHECK(rc::check("permuted, and with one telling more", [&] {
        const auto told = *rc::gen::container<std::vector<RefundTold>>(rc::gen::exec([&] {
            const auto cents = rc::gen::element<std::int64_t>(0, 100, 200, 300);
            RefundTold one;
            one.payment = *some("", "", "p1", "p2", "p3");
            if (*rc::gen::inRange(0, 8) != 0) one.cents = *cents;
            if (*rc::gen::inRange(0, 4) == 0) one.so_far = *cents;
            one.refund_id = *some("", "", "r1", "r2");
            if (one.refund_id.empty()) one.mark = *some("", "", "delivery a", "delivery b");
            return one;
        }));
        const Payments paid = {{"p1", 400}, {"p2", 600}};
        const std::int64_t total = *rc::gen::element<std::int64_t>(1000, 5000);
        std::vector<RefundTold> before;
        std::int64_t known = 0;
        for (const auto& each : told) {
            before.push_back(each);
            const auto now = refunded_cents(total, paid, before);
            auto amount = std::max(each.cents.value_or(0), each.so_far.value_or(0));
            if (!each.cents && !each.so_far) amount = total;
            RC_ASSERT(now >= known);
            RC_ASSERT(now - known <= amount);
            RC_ASSERT(now <= total);
            known = now;
        }
        auto other = told;
        for (std::size_t i = other.size(); i > 1; --i)
            std::swap(other[i - 1], other[*rc::gen::inRange<std::size_t>(0, i)]);
        RC_ASSERT(refunded_cents(total, paid, other) == known);
        other.insert(other.end(), told.begin(), told.end());
        RC_ASSERT(refunded_cents(total, paid, other) == known);
    }));
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
    order.currency_rank = 2;
    order.currency_at = 7;
    order.own_amounts = {{"", {1, 2, 3}}, {"BRL", {3, 4, 5}}};
    order.payments = {{"", {{"p1", 5}, {"p2", 0}}}, {"BRL", {{"p1", 6}}}};
    order.refunds = {
        {"p1", 3, {}, "r1", "", "BRL"},
        {"", {}, 4, "", "changed 2026-01-01T00:00:00Z"},
        {"", {}, {}, "", ""}
    };
    SoldOrder read;
    read.read_movements(order.movements());
    CHECK(read.currency_rank == order.currency_rank);
    CHECK(read.currency_at == order.currency_at);
    CHECK(read.own_amounts == order.own_amounts);
    CHECK(read.payments == order.payments);
    CHECK(read.refunds == order.refunds);
}
