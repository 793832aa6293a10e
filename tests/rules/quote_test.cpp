#include "rules/prices/quote.hpp"

#include <algorithm>
#include <limits>

#include "tests/rules/shop.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::rules::prices;
using vitrine::rules::prices::tests::at_hour;
using vitrine::rules::prices::tests::Shop;

namespace {

Quote quoted(Shop& shop) {
    auto decision = shop.decide();
    if (!decision) {
        for (const auto& fault : decision.error())
            UNSCOPED_INFO(fault.pointer << ' ' << fault.code << ' ' << fault.detail.english());
    }
    REQUIRE(decision.has_value());
    std::int64_t sum = 0;
    for (const auto& stage : decision->stages) sum += stage.delta_cents;
    CHECK(sum == decision->total_cents);
    return *decision;
}

using Told = std::vector<std::pair<std::string, std::string>>;

Told faults(Shop& shop) {
    const auto decision = shop.decide();
    REQUIRE_FALSE(decision.has_value());
    Told told;
    for (const auto& fault : decision.error()) {
        CHECK_FALSE(fault.detail.in(Language::english) == fault.detail.in(Language::portuguese));
        told.emplace_back(fault.pointer, fault.code);
    }
    return told;
}

std::vector<std::int64_t> discounts(const Quote& quote) {
    std::vector<std::int64_t> each;
    for (const auto& line : quote.lines) each.push_back(line.discount_cents);
    return each;
}

std::int64_t unit_for(Shop& shop, std::int64_t quantity) {
    shop.question.items = {{ProductId("a"), {}, quantity}};
    return quoted(shop).lines.front().unit_cents;
}

}  // namespace

TEST_CASE(
    "a quote is the list of what it is made of, each with its rule and revision", "[prices]"
) {
    Shop shop;
    auto& line = shop.sell("a", 29700, 2);
    line.discount = events::Discount{"percentage", JsonText("10")};
    shop.sell("b", 5000);
    shop.list("natal", {{ProductId("a"), 1, 19700}}).revision = 4;
    shop.coupon("fixed", "1000");
    shop.question.shipping_cents = 1500;
    const auto quote = quoted(shop);
    const std::vector<Stage> expected{
        {"base", "product-a", 1, 0, 0, 59400},
        {"price_list", "pricelist-natal", 4, 0, 59400, -20000},
        {"offer_discount", "offer-o", 3, 0, 39400, -3940},
        {"base", "product-b", 1, 1, 0, 5000},
        {"coupon", "coupon-c0", 1, 0, 35460, -876},
        {"coupon", "coupon-c0", 1, 1, 5000, -124},
        {"shipping", "given", 0, {}, 39460, 1500},
    };
    CHECK(quote.stages == expected);
    CHECK(quote.subtotal_cents == 44400);
    CHECK(quote.discount_cents == 4940);
    CHECK(quote.shipping_cents == 1500);
    CHECK(quote.total_cents == 40960);
    CHECK(quote.lines[0].unit_cents == 19700);
    CHECK(quote.lines[0].total_cents == 34584);
    CHECK(quote.rounding == "half_away");
}

TEST_CASE("the two figures that broke stores elsewhere come out to the cent", "[prices]") {
    Shop shop;
    shop.sell("a", 6999, 10).discount = events::Discount{"percentage", JsonText("10")};
    CHECK(quoted(shop).total_cents == 62991);  // 10 × 69.99 - 10 %
    Shop other;
    other.sell("a", 14995);
    other.coupon("percentage", "10");
    CHECK(quoted(other).total_cents == 13495);  // 14.995 is 15.00, then subtracted
}

TEST_CASE(
    "half a cent of a discount goes away from zero, or to the even one by policy", "[prices]"
) {
    for (const auto& [price, away, even] : {std::tuple{5, 1, 0}, {15, 2, 2}, {25, 3, 2}}) {
        for (const bool by_coupon : {false, true}) {
            Shop shop;
            auto& line = shop.sell("a", price);
            if (by_coupon) {
                shop.coupon("percentage", "10");
            } else {
                line.discount = events::Discount{"percentage", JsonText("10")};
            }
            CHECK(quoted(shop).discount_cents == away);
            shop.rounding.rounding = Rounding::half_even;
            CHECK(quoted(shop).discount_cents == even);
            CHECK(quoted(shop).rounding == "half_even");
        }
    }
}

TEST_CASE("a percentage is rounded line by line, a fixed amount goes over the lines", "[prices]") {
    Shop shop;
    for (const auto* id : {"a", "b", "c"}) shop.sell(id, 1005);
    shop.coupon("percentage", "10");
    CHECK(discounts(quoted(shop)) == std::vector<std::int64_t>{101, 101, 101});
    shop.coupons.clear();
    shop.coupon("fixed", "100");
    CHECK(discounts(quoted(shop)) == std::vector<std::int64_t>{34, 33, 33});
    shop.coupons.front().products = {ProductId("b"), ProductId("c")};
    CHECK(discounts(quoted(shop)) == std::vector<std::int64_t>{0, 50, 50});
}

TEST_CASE(
    "a fixed coupon takes no more than there is, and what is free has no instalments", "[prices]"
) {
    Shop shop;
    shop.sell("a", 4000);
    shop.coupon("fixed", "5000");
    shop.installments.max = 12;
    auto quote = quoted(shop);
    CHECK(quote.total_cents == 0);
    CHECK(quote.stages.back() == Stage{"coupon", "coupon-c0", 1, 0, 4000, -4000, true});
    CHECK(quote.installments.empty());
    shop.coupons.front().discount = {"percentage", JsonText("100")};
    shop.question.payment_method = "pix";
    quote = quoted(shop);
    CHECK(quote.total_cents == 0);
    CHECK_FALSE(quote.stages.back().capped);
    shop.question.shipping_cents = 900;
    CHECK(quoted(shop).total_cents == 900);
}

TEST_CASE(
    "of prices the one with the most conditions goes, then priority, amount and name", "[prices]"
) {
    Shop shop;
    shop.sell("a", 1000);
    CHECK(unit_for(shop, 1) == 1000);
    shop.list(
        "sale", {{ProductId("a"), 1, 900}, {ProductId("a"), 10, 800}, {ProductId("a"), 50, 700}}
    );
    CHECK(unit_for(shop, 9) == 900);
    CHECK(unit_for(shop, 10) == 800);
    CHECK(unit_for(shop, 50) == 700);
    shop.list("dear", {{ProductId("a"), 1, 1200}}).priority =
        5;  // a higher priority, whatever the price
    CHECK(unit_for(shop, 1) == 1200);
    CHECK(unit_for(shop, 10) == 800);  // a condition more
    shop.list("equal", {{ProductId("a"), 1, 1100}}).priority = 5;
    CHECK(unit_for(shop, 1) == 1100);  // the lowest amount
    shop.list("also", {{ProductId("a"), 1, 1100}}).priority = 5;
    CHECK(quoted(shop).stages[1].rule == "pricelist-also");  // the first name
    shop.list("vip", {{ProductId("a"), 1, 650}}).segment = "vip";
    CHECK(unit_for(shop, 1) == 1100);
    shop.question.customer_id = "k";
    shop.question.segments = {"new", "vip"};
    CHECK(unit_for(shop, 1) == 650);
    shop.offer.lines.front().price_cents = 600;
    CHECK(unit_for(shop, 1) == 600);  // the offer is a condition too
}

TEST_CASE("who is not known is in the segment anonymous, and nobody else is", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    shop.list("first", {{ProductId("a"), 1, 900}}).segment = "anonymous";
    CHECK(unit_for(shop, 1) == 900);
    shop.question.customer_id = "k";
    CHECK(unit_for(shop, 1) == 1000);
}

TEST_CASE("a price list holds from its beginning to before its end, in its currency", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    auto& list = shop.list("sale", {{ProductId("a"), 1, 900}});
    list.valid_from = at_hour(10);
    list.valid_to = at_hour(14);
    for (const auto& [hour, price] : {std::pair{9, 1000}, {10, 900}, {13, 900}, {14, 1000}}) {
        shop.question.at = at_hour(hour);
        CHECK(unit_for(shop, 1) == price);
    }
    shop.question.at = at_hour(12);
    list.currency = "USD";
    CHECK(unit_for(shop, 1) == 1000);
}

TEST_CASE("a quote holds for a quarter of an hour, or until a rule that it uses ends", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    CHECK(quoted(shop).valid_until == at_hour(12) + std::chrono::minutes(15));
    auto& list = shop.list("sale", {{ProductId("b"), 1, 900}});
    list.valid_to = at_hour(12) + std::chrono::minutes(10);
    CHECK(quoted(shop).valid_until == at_hour(12) + std::chrono::minutes(15));
    list.entries = {{ProductId("a"), 1, 900}};
    CHECK(quoted(shop).valid_until == list.valid_to);
    shop.coupon("percentage", "1").valid_to = at_hour(12) + std::chrono::minutes(5);
    CHECK(quoted(shop).valid_until == at_hour(12) + std::chrono::minutes(5));
}

TEST_CASE(
    "of coupons of one group the best for the buyer counts; groups follow each other", "[prices]"
) {
    Shop shop;
    shop.sell("a", 10000);
    shop.coupon("percentage", "10").exclusive_group = "g";
    shop.coupon("fixed", "1500").exclusive_group = "g";
    shop.coupon("percentage", "50");
    auto quote = quoted(shop);
    REQUIRE(quote.stages.size() == 3);
    CHECK(quote.stages[1] == Stage{"coupon", "coupon-c1", 1, 0, 10000, -1500});
    CHECK(quote.stages[2] == Stage{"coupon", "coupon-c2", 1, 0, 8500, -4250});
    shop.coupons[1].discount.value = JsonText("1000");  // as much as the other: the first code
    CHECK(quoted(shop).stages[1].rule == "coupon-c0");
    std::ranges::reverse(shop.coupons);  // their order in storage is nothing
    CHECK(quoted(shop).stages[1].rule == "coupon-c0");
}

TEST_CASE("instalments without interest: the first carries what does not divide", "[prices]") {
    Shop shop;
    shop.sell("a", 10000);
    shop.installments = {.revision = 2, .max = 6, .interest_free = 3, .monthly_rate_ppm = 29'900};
    shop.question.installments = 3;
    const auto quote = quoted(shop);
    CHECK(quote.total_cents == 10000);
    REQUIRE(quote.installments.size() == 6);
    CHECK(quote.installments[2] == Installments{3, 3334, 3333, 10000, 0, 0});
}

TEST_CASE("instalments with interest are an annuity, and its cost is a stage", "[prices]") {
    Shop shop;
    shop.sell("a", 100000);
    shop.installments = {.revision = 2, .max = 12, .interest_free = 1, .monthly_rate_ppm = 10'000};
    shop.question.installments = 12;
    auto quote = quoted(shop);
    // 1,000.00 in twelve at 1 % a month: 88.85 each, as every table of finance has it.
    CHECK(quote.installments.back() == Installments{12, 8885, 8885, 106620, 6620, 10'000});
    CHECK(quote.interest_cents == 6620);
    CHECK(quote.total_cents == 106620);
    CHECK(quote.stages.back() == Stage{"interest", "pricing-installments", 2, {}, 100000, 6620});
    shop.question.installments = 2;  // 100000 × 0.01 × 1.0201 / 0.0201 = 50751.24
    CHECK(quoted(shop).total_cents == 101502);
}

TEST_CASE(
    "what is offered in instalments is at least their minimum, and 50.00 in all", "[prices]"
) {
    Shop shop;
    shop.sell("a", 10000);
    shop.installments = {
        .revision = 1, .max = 12, .interest_free = 12, .min_installment_cents = 2500
    };
    CHECK(quoted(shop).installments.size() == 4);
    shop.question.installments = 5;
    CHECK(faults(shop) == Told{{"/installments", "out_of_range"}});
    shop.question.installments = 1;
    shop.products.front().price_cents = 4999;
    shop.installments.min_installment_cents = 0;
    CHECK(quoted(shop).installments.size() == 1);
    shop.products.front().price_cents = 5000;
    CHECK(quoted(shop).installments.size() == 12);
}

TEST_CASE("pix and boleto are paid at once and in BRL, each within its limits", "[prices]") {
    Shop shop;
    shop.sell("a", 10000);
    shop.installments = {.revision = 1, .max = 12, .interest_free = 12};
    for (const auto* method : {"pix", "boleto"}) {
        shop.question.payment_method = method;
        shop.question.installments = 1;
        CHECK(quoted(shop).installments.size() == 1);
        shop.question.installments = 2;
        CHECK(faults(shop) == Told{{"/installments", "one_payment"}});
    }
    shop.question.installments.reset();
    shop.question.payment_method = "credit_card";
    CHECK(quoted(shop).installments.size() == 12);
    for (const auto& [method, least, most] :
         {std::tuple{"pix", 100, 10'000'000},
          {"credit_card", 200, 5'000'000},
          {"boleto", 500, 50'000'000}}) {
        shop.question.payment_method = method;
        for (const auto cents : {least, most}) {
            shop.products.front().price_cents = cents;
            quoted(shop);
        }
        for (const auto cents : {least - 1, most + 1}) {
            shop.products.front().price_cents = cents;
            CHECK(faults(shop) == Told{{"/payment_method", "amount_limits"}});
        }
    }
    shop.offer.currency = shop.products.front().currency = "USD";
    shop.question.payment_method = "pix";
    CHECK(faults(shop) == Told{{"/payment_method", "other_currency"}});
}

TEST_CASE("why a coupon cannot be had is told, every reason at once", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    shop.question.coupon = "nada";
    CHECK(faults(shop) == Told{{"/coupon", "unknown_coupon"}});
    auto& coupon = shop.coupon("percentage", "10");
    coupon.disabled = true;
    coupon.valid_from = at_hour(13);
    coupon.offers = {OfferId("x")};
    coupon.products = {ProductId("x")};
    coupon.min_cart_cents = 1001;
    coupon.max_uses = 2;
    coupon.used = coupon.locked = 1;
    coupon.max_uses_per_customer = 1;
    coupon.held_by_customer = 1;
    shop.question.customer_id = "k";
    CHECK(
        faults(shop) ==
        Told{
            {"/coupon", "disabled"},
            {"/coupon", "not_yet_valid"},
            {"/coupon", "other_offers"},
            {"/coupon", "used_up"},
            {"/coupon", "used_up_by_customer"},
            {"/coupon", "min_cart"},
            {"/coupon", "other_products"}
        }
    );
    shop.coupons.clear();
    shop.coupon("percentage", "10").valid_to = at_hour(12);
    CHECK(faults(shop) == Told{{"/coupon", "expired"}});
}

TEST_CASE("a cart that comes to exactly what a coupon is for will do, shipping apart", "[prices]") {
    Shop shop;
    shop.sell("a", 1000).discount = events::Discount{"fixed", JsonText("100")};
    shop.question.shipping_cents = 500;
    shop.coupon("percentage", "10").min_cart_cents = 900;
    CHECK(quoted(shop).total_cents == 1310);
    shop.coupons.front().min_cart_cents = 901;
    CHECK(faults(shop) == Told{{"/coupon", "min_cart"}});
}

TEST_CASE("every fault of a question is told at once", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    shop.sell("gone", 1000);
    shop.products.back().archived = true;
    shop.sell("foreign", 1000);
    shop.products.back().currency = "USD";
    shop.coupon("percentage", "10").disabled = true;
    shop.question.items = {
        {ProductId("x"), {}, 1},
        {ProductId("a"), {}, 1},
        {{}, "SKU-a", 1},
        {{}, "none", 1},
        {{}, {}, 1},
        {ProductId("a"), "SKU-a", 1},
        {ProductId("gone"), {}, 1},
        {ProductId("foreign"), {}, 1}
    };
    shop.question.payment_method = "pix";
    shop.question.installments = 3;
    CHECK(
        faults(shop) ==
        Told{
            {"/items/0/product_id", "unknown_product"},
            {"/items/2/sku", "duplicate"},
            {"/items/3/sku", "unknown_product"},
            {"/items/4/product_id", "either"},
            {"/items/5/sku", "either"},
            {"/items/6/product_id", "archived"},
            {"/items/7/product_id", "unknown_price"},
            {"/coupon", "disabled"},
            {"/installments", "one_payment"}
        }
    );
    shop.offer.status = "archived";
    shop.question = {};
    shop.question.at = at_hour(12);
    shop.coupons.clear();
    CHECK(faults(shop).front() == Told::value_type{"/offer_id", "archived"});
    Question question;
    question.coupon = "x";
    const auto none = decide(question, Rules());
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().front().code == "unknown_offer");
    CHECK(none.error().back().code == "unknown_coupon");
}

TEST_CASE("without items the offer's own are quoted: those that are required, or all", "[prices]") {
    Shop shop;
    shop.sell("a", 1000, 2);
    shop.sell("b", 10);
    shop.offer.lines.back().required = false;
    CHECK(quoted(shop).total_cents == 2000);
    shop.offer.lines.front().required = false;
    CHECK(quoted(shop).total_cents == 2010);
    shop.question.items = {{{}, "SKU-b", 3}};
    CHECK(quoted(shop).total_cents == 30);
    shop.offer.lines.clear();
    shop.question.items.clear();
    CHECK(faults(shop) == Told{{"/offer_id", "no_products"}});
}

TEST_CASE("a product that only the platform knows has the offer's price alone", "[prices]") {
    Shop shop;
    shop.sell("a", 1000);
    shop.offer.lines.front().product_id.reset();
    shop.products.clear();
    CHECK(faults(shop) == Told{{"/offer_id", "unknown_price"}});
    shop.offer.lines.front().price_cents = 700;
    const auto quote = quoted(shop);
    CHECK(quote.stages == std::vector<Stage>{{"base", "offer-o", 3, 0, 0, 700}});
}

TEST_CASE("what is beyond 64 bits is refused, in each place", "[prices]") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    Shop shop;
    shop.sell("a", most);
    CHECK(quoted(shop).total_cents == most);
    shop.question.shipping_cents = 1;
    CHECK(faults(shop) == Told{{"/items", "too_large"}});
    shop.question.shipping_cents.reset();
    shop.sell("b", 1);
    CHECK(faults(shop) == Told{{"/items", "too_large"}});
    shop.question.items = {{ProductId("a"), {}, 2}};
    CHECK(faults(shop) == Told{{"/items/0/product_id", "too_large"}});
    shop.list("l", {{ProductId("a"), 1, 1}});
    CHECK(
        faults(shop) == Told{{"/items/0/product_id", "too_large"}}
    );  // its own price, that it is told from
    shop.lists.clear();
    shop.question.items = {{ProductId("a"), {}, 1}};
    shop.installments = {
        .revision = 1, .max = 2, .interest_free = 1, .monthly_rate_ppm = 1'000'000
    };
    CHECK(quoted(shop).installments.size() == 1);
}
