#include "queries/answer.hpp"
#include "queries/quotes/price_book.hpp"
#include "rules/prices/quote_json.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using rules::prices::Question;

events::CouponCreated coupon(const std::string& code, std::int64_t max_uses) {
    events::CouponCreated created;
    created.coupon_id = events::CouponId(code);
    created.code = code;
    created.discount = {"percentage", JsonText("12.5")};
    created.max_uses = max_uses;
    return created;
}

events::PriceListSet list_of(const std::string& name, std::int64_t cents) {
    return {name, "BRL", 0, {}, {}, {}, {{ProductId("p1"), 1, cents}}};
}

Question about(const std::string& offer) {
    Question question;
    question.offer_id = OfferId(offer);
    question.at = *parse_time("2026-12-01T12:00:00Z");
    return question;
}

/// A shop with an offer of one product at 100, and its price book.
struct Priced : Shop {
    Priced() {
        log.add(product_created("p1", 100));
        log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    }

    queries::PriceBook book{reads.projections, [](const TenantId&, std::string_view customer) {
                                return customer == "k"
                                           ? std::optional<std::vector<std::string>>({"vip"})
                                           : std::nullopt;
                            }};

    rules::prices::Source::Decided ask(const Question& question) {
        settle();
        return book.decide(log.tenant(), question).value();
    }
    std::int64_t total(const Question& question) {
        return ask(question).decision.value().total_cents;
    }
};

std::string codes(const rules::prices::Decision& decision) {
    std::string told;
    if (decision) return "none";
    for (const auto& fault : decision.error()) told += fault.pointer + ' ' + fault.code + ' ';
    return told;
}

}  // namespace

TEST_CASE("a quote follows whatever changes what it is made of") {
    Priced shop;
    auto question = about("o1");
    CHECK(shop.total(question) == 100);
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 250, "BRL"});
    CHECK(shop.total(question) == 250);
    shop.log.add(list_of("sale", 200));
    CHECK(shop.total(question) == 200);
    shop.log.add(list_of("sale", 190));
    CHECK(shop.total(question) == 190);
    shop.log.add(events::PriceListEvent(events::PriceListDeleted{"sale", {}}));
    CHECK(shop.total(question) == 250);
    shop.log.add(events::CouponEvent(coupon("vinte", 1)));
    question.coupon = "VINTE";
    CHECK(shop.total(question) == 219);  // 31.25 is 31
    shop.log.add(events::PricingEvent(events::RoundingSet{"half_even"}));
    CHECK(shop.ask(question).decision->rounding == "half_even");
    shop.log.add(events::PricingEvent(events::InstallmentsSet{2, 2, 0, 0}));
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 25000, "BRL"});
    CHECK(shop.ask(question).decision->installments.size() == 2);
    shop.log.add(
        events::CouponEvent(events::CouponLocked{events::CouponId("vinte"), "c1", std::nullopt})
    );
    CHECK(codes(shop.ask(question).decision) == "/coupon used_up ");
}

TEST_CASE("the same question at the same position has the same bytes, warm or cold") {
    Priced shop;
    shop.log.add(list_of("sale", 90));
    shop.log.add(events::CouponEvent(coupon("vinte", 1)));
    auto question = about("o1");
    question.coupon = "vinte";
    const auto first = shop.ask(question);
    const auto second = shop.ask(question);
    const queries::PriceBook cold(shop.reads.projections, {});
    const auto third = cold.decide(shop.log.tenant(), question);
    CHECK(first.position == second.position);
    CHECK(
        rules::prices::quote_json(*first.decision) == rules::prices::quote_json(*second.decision)
    );
    CHECK(
        rules::prices::quote_json(*first.decision) == rules::prices::quote_json(*third->decision)
    );
    CHECK(first.position == shop.log.head());
}

TEST_CASE("a customer's tags are its segments, and who is not there is told") {
    Priced shop;
    auto list = list_of("vip", 50);
    list.segment = "vip";
    shop.log.add(list);
    auto question = about("o1");
    CHECK(shop.total(question) == 100);
    question.customer_id = "k";
    const auto decided = shop.ask(question);
    CHECK(decided.decision->total_cents == 50);
    CHECK(decided.question.segments == std::vector<std::string>{"vip"});
    question.customer_id = "nobody";
    question.coupon = "none";
    CHECK(
        codes(shop.ask(question).decision) ==
        "/coupon unknown_coupon /customer_id unknown_customer "
    );
}

TEST_CASE("a customer who has had all uses of a coupon is told") {
    Priced shop;
    const events::CouponId id("um");
    auto once = coupon("um", 10);
    once.max_uses_per_customer = 1;
    shop.log.add(events::CouponEvent(once));
    auto question = about("o1");
    question.coupon = "um";
    question.customer_id = "k";
    CHECK(shop.total(question) == 87);  // 12.5 is 13
    shop.log.add(events::CouponEvent(events::CouponLocked{id, "c1", "other"}));
    CHECK(shop.total(question) == 87);
    shop.log.add(events::CouponEvent(events::CouponLocked{id, "c2", "k"}));
    shop.log.add(events::CouponEvent(events::CouponRedeemed{id, "c2", "k"}));
    CHECK(codes(shop.ask(question).decision) == "/coupon used_up_by_customer ");
    question.customer_id.reset();
    CHECK(shop.total(question) == 87);
    question.customer_id = "k";
    shop.log.add(events::CouponEvent(events::CouponRestored{id, "c2", "k"}));
    CHECK(shop.total(question) == 87);
}

TEST_CASE("a product that an offer names by the platform's id alone is known by that") {
    Priced shop;
    shop.log.add(offer_created("o2", "Two", {line("remote-p1", std::nullopt)}));
    const auto quote = shop.ask(about("o2")).decision;
    REQUIRE(quote.has_value());
    CHECK(quote->lines.front().product_id == ProductId("p1"));
    shop.log.add(offer_created("o3", "Three", {line("remote-p9", std::nullopt)}));
    CHECK(codes(shop.ask(about("o3")).decision) == "/offer_id unknown_price ");
    shop.log.add(product_created("p9", 900));
    CHECK(shop.total(about("o3")) == 900);
}

TEST_CASE("no tenant is quoted another's prices") {
    Priced shop;
    shop.log.as("other");
    shop.log.add(product_created("p1", 7));
    shop.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    CHECK(shop.total(about("o1")) == 7);
    shop.log.as("acme");
    CHECK(shop.total(about("o1")) == 100);
    shop.log.as("third");
    CHECK(codes(shop.ask(about("o1")).decision) == "/offer_id unknown_offer ");
}

}  // namespace vitrine::tests
