#include "projections/listed.hpp"
#include "projections/pricing/reader.hpp"
#include "tests/projections/house.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

events::PriceListSet list_of(const std::string& name, std::int64_t cents) {
    return {name, "BRL", 2, {}, {}, "vip", {{ProductId("p1"), 10, cents}}};
}

events::CouponCreated coupon(const std::string& code) {
    events::CouponCreated created;
    created.coupon_id = events::CouponId(code);
    created.code = code;
    created.discount = {"fixed", JsonText("100")};
    return created;
}

}  // namespace

TEST_CASE("a price list is a row, set anew and deleted in place") {
    Log log;
    log.add(list_of("sale", 100));
    const auto made = log.now;
    log.add(list_of("sale", 90));
    ModelFile model("price_lists");
    model.follow(log);
    {
        projections::ListedReader lists(model.lease(), "price_lists");
        const auto sale = lists.find(log.tenant(), "sale");
        REQUIRE(sale.has_value());
        CHECK(
            sale->body ==
            R"({"pricelist_id":"sale","name":"sale","currency":"BRL","priority":2,"segment":"vip",)"
            R"("entries":[{"product_id":"p1","min_quantity":10,"price_cents":90}],"status":"active",)"
            R"("version":2,"created_at":")" +
                format_time(made) + R"(","updated_at":")" + format_time(log.now) +
                R"(","position":2})"
        );
    }
    log.add(events::PriceListEvent(events::PriceListDeleted{"sale", {}}));
    model.follow(log);
    projections::ListedReader lists(model.lease(), "price_lists");
    const auto sale = lists.find(log.tenant(), "sale");
    REQUIRE(sale.has_value());
    CHECK(sale->status == "deleted");
    CHECK(sale->body.contains(R"("price_cents":90)"));
    const std::optional<projections::ListKey> first;
    CHECK(lists
              .list(
                  log.tenant(),
                  {.status = {}, .type = "pricelist", .search = {}, .after = first, .limit = 10}
              )
              .items.empty());
}

TEST_CASE("what is said of instalments and of rounding are rows of their own") {
    Log log;
    log.add(events::PricingEvent(events::InstallmentsSet{12, 3, 29900, 500}));
    log.add(events::PricingEvent(events::InstallmentsSet{6, 1, 0, 0}));
    log.add(events::PricingEvent(events::RoundingSet{"half_even"}));
    ModelFile model("price_settings");
    model.follow(log);
    projections::ListedReader settings(model.lease(), "price_settings");
    CHECK(settings.find(log.tenant(), "installments")
              ->body.starts_with(
                  R"({"pricing_id":"installments","max":6,"interest_free":1,"monthly_rate_ppm":0,)"
                  R"("min_installment_cents":0,"status":"set","version":2,)"
              ));
    CHECK(settings.find(log.tenant(), "rounding")->body.contains(R"("rounding":"half_even")"));
}

TEST_CASE("a coupon tells how many of its uses are held and used") {
    Log log;
    const events::CouponId one("one");
    log.add(events::CouponEvent(coupon("one")));
    for (const auto* reference : {"c1", "c2", "c3", "c4"})
        log.add(events::CouponEvent(events::CouponLocked{one, reference, "k"}));
    log.add(events::CouponEvent(events::CouponRedeemed{one, "c1", "k"}));
    log.add(events::CouponEvent(events::CouponRedeemed{one, "c2", "k"}));
    ModelFile model("coupons");
    model.follow(log);
    log.add(events::CouponEvent(events::CouponReleased{one, "c3", "k"}));
    log.add(events::CouponEvent(events::CouponRestored{one, "c1", "k"}));
    model.follow(log);  // from the rows that are there
    projections::ListedReader coupons(model.lease(), "coupons");
    CHECK(coupons.find(log.tenant(), "one")->body.contains(R"("used":1,"locked":1,)"));
}

TEST_CASE("all that a quote is decided by is in one file, of one position") {
    Log log;
    log.add(product_created("p1", 100));
    log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    log.add(events::CouponEvent(coupon("one")));
    log.add(list_of("sale", 90));
    log.add(list_of("gone", 90));
    log.add(events::PriceListEvent(events::PriceListDeleted{"gone", {}}));
    log.add(events::PricingEvent(events::InstallmentsSet{12, 3, 29900, 500}));
    log.as("other");
    log.add(list_of("theirs", 1));
    log.as("acme");
    ModelFile model("pricing");
    model.follow(log);
    projections::PricingReader pricing(model.lease());
    CHECK(pricing.position() == log.head());
    CHECK(pricing.offer(log.tenant(), "o1")->version == 1);
    CHECK(pricing.offer_version(log.tenant(), "none") == 0);
    CHECK(pricing.product(log.tenant(), "p1")->id == "p1");
    CHECK(pricing.platform_product(log.tenant(), "remote-p1")->id == "p1");
    CHECK(pricing.row(log.tenant(), "coupons", "one")->status == "active");
    CHECK(pricing.version(log.tenant(), "price_settings", "installments") == 1);
    const auto lists = pricing.price_lists(log.tenant());
    REQUIRE(lists.size() == 1);
    CHECK(lists.front().id == "sale");
}

}  // namespace vitrine::tests
