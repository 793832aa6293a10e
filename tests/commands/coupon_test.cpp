#include "commands/coupons/coupon.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const std::string offer = "0190b4e0-0000-7000-8000-000000000001";
const std::string product = "0190b4e0-0000-7000-8000-0000000000aa";

spec::Given<CouponState> given(const CouponEvents& history) {
    return spec::given<CouponState>(history);
}

CreateCoupon summer() {
    CreateCoupon command;
    command.code = "VERAO10";
    command.discount = events::Discount{"percentage", JsonText("12.25")};
    return command;
}

events::CouponCreated created() {
    events::CouponCreated event;
    event.coupon_id = events::CouponId("verao10");
    event.code = "VERAO10";
    event.discount = {"percentage", JsonText("12.25")};
    return event;
}

/// A coupon that is created has the id that its code gives it, and no events.
spec::Given<CouponState> given_nothing() {
    CouponState state;
    state.id = coupon_id_of("VERAO10");
    return spec::Given<CouponState>(state);
}

}  // namespace

TEST_CASE("a coupon is its code, whatever its case", "[coupon]") {
    CHECK(coupon_id_of("VERAO10") == coupon_id_of("Verao10"));
    CHECK(coupon_id_of("A-b_9").str() == "a-b_9");
    given_nothing().when(summer(), UnknownIds()).then({created()});
}

TEST_CASE("what a coupon is limited to is kept, times as those of the log", "[coupon]") {
    auto command = summer();
    command.min_cart_cents = 5000;
    command.max_uses = 100;
    command.max_uses_per_customer = 1;
    command.valid_from = "2026-12-01T00:00:00-03:00";
    command.valid_to = "2026-12-01T03:00:00.000001Z";
    command.offers = {offer};
    command.products = {product};
    command.exclusive_group = "campanha";
    auto expected = created();
    expected.min_cart_cents = 5000;
    expected.max_uses = 100;
    expected.max_uses_per_customer = 1;
    expected.valid_from = parse_time("2026-12-01T03:00:00Z");
    expected.valid_to = parse_time("2026-12-01T03:00:00.000001Z");
    expected.offers = {OfferId(offer)};
    expected.products = {ProductId(product)};
    expected.exclusive_group = "campanha";
    given_nothing().when(command, UnknownIds()).then({expected});
}

TEST_CASE("a percentage has two decimals at most, however it is written", "[coupon]") {
    for (const auto* value : {"100", "1e2", "12.25", "0.01", "12.250"}) {
        CAPTURE(value);
        auto command = summer();
        command.discount->value = JsonText(value);
        auto expected = created();
        expected.discount.value = JsonText(value);
        given_nothing().when(command, UnknownIds()).then({expected});
    }
    for (const auto* value : {"0.001", "99.999", "1e-3"}) {
        CAPTURE(value);
        auto command = summer();
        command.discount->value = JsonText(value);
        given_nothing().when(command, UnknownIds()).then_fault("/discount/value", "too_precise");
    }
}

TEST_CASE("a coupon ends after it begins, and its times are times", "[coupon]") {
    auto command = summer();
    command.valid_from = "2026-12-01T00:00:00-03:00";
    for (const auto* end : {"2026-12-01T03:00:00Z", "2026-11-30T00:00:00Z"}) {
        command.valid_to = end;
        given_nothing().when(command, UnknownIds()).then_fault("/valid_to", "not_after");
    }
    command.valid_to = "2026-12-02";
    given_nothing().when(command, UnknownIds()).then_fault("/valid_to", "no_time");
    command.valid_from = "amanhã";
    given_nothing().when(command, UnknownIds()).then_fault("/valid_from", "no_time");
    given_nothing().when(command, UnknownIds()).then_fault("/valid_to", "no_time");
}

TEST_CASE("a coupon is for what is there, each named once", "[coupon]") {
    auto command = summer();
    command.offers = {offer, "none", offer};
    command.products = {product, product};
    const UnknownIds unknown{{"none"}, {}};
    const auto outcome = given_nothing().when(command, unknown);
    outcome.then_fault("/offers/1", "unknown_offer");
    outcome.then_fault("/offers/2", "duplicate");
    outcome.then_fault("/products/1", "duplicate");
    given_nothing().when(
                       command, UnknownIds{{}, {product}}
    ).then_fault("/products/0", "unknown_product");
}

TEST_CASE("a coupon is disabled once, for good", "[coupon]") {
    const events::CouponDisabled disabled{events::CouponId("verao10"), "Fim da campanha"};
    given({created()}).when(DisableCoupon{"Fim da campanha"}).then({disabled});
    given({created(), disabled}).when(DisableCoupon{}).then_rejected("illegal-transition");
}
