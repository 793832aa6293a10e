#include "projections/listed.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

events::CouponEvent coupon(const std::string& code) {
    events::CouponCreated created;
    created.coupon_id = events::CouponId(code);
    created.code = code;
    created.discount = {"percentage", JsonText("12.5")};
    created.max_uses = 3;
    return created;
}

}  // namespace

TEST_CASE("a coupon is a row of its tenant, which its end changes in place") {
    Log log;
    log.add(coupon("one"));
    const auto made = log.now;
    log.add(coupon("two"));
    log.as("other");
    log.add(coupon("one"));
    log.as("acme");
    ModelFile model("coupons");
    model.follow(log);
    const auto ended =
        log.add(events::CouponEvent(events::CouponDisabled{events::CouponId("one"), {}}));
    model.follow(log);

    projections::ListedReader coupons(model.lease(), "coupons");
    const auto one = coupons.find(log.tenant(), "one");
    REQUIRE(one.has_value());
    CHECK(one->version == 2);
    CHECK(one->position == ended);
    CHECK(
        one->body ==
        R"({"coupon_id":"one","code":"one","discount":{"type":"percentage","value":12.5},)"
        R"("max_uses":3,"used":0,"locked":0,"status":"disabled","version":2,"created_at":")" +
            format_time(made) + R"(","updated_at":")" + format_time(log.now) + R"(","position":4})"
    );
    CHECK_FALSE(coupons.find(log.tenant(), "three").has_value());

    const auto listed = [&](std::string_view status, std::string_view search) {
        const std::optional<projections::ListKey> first;
        return coupons
            .list(
                log.tenant(),
                {.status = status, .type = {}, .search = search, .after = first, .limit = 10}
            )
            .items.size();
    };
    CHECK(listed("", "") == 2);
    CHECK(listed("disabled", "") == 1);
    CHECK(listed("active", "one") == 0);
    CHECK(listed("active", "tw") == 1);
}

}  // namespace vitrine::tests
