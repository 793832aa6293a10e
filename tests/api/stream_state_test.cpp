#include "api/cli/stream_state.hpp"

#include <nlohmann/json.hpp>

#include "events/catalogue.hpp"
#include "events/keys.hpp"
#include "events/stock.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Json = nlohmann::ordered_json;

Json state_of(Log& log, const char* stream, std::optional<Version> version = std::nullopt) {
    const auto state =
        api::stream_state(log, log.tenant(), StreamName(stream), version, std::nullopt);
    return state ? Json::parse(*state) : Json();
}

}  // namespace

TEST_CASE("of every category of streams it is known what they fold into") {
    for (const auto& type : events::catalogue()) {
        CAPTURE(type.name, type.category);
        CHECK(api::has_stream_state(type.category));
    }
    CHECK_FALSE(api::has_stream_state("nothing"));
}

TEST_CASE("a stream of a read model folds into its row") {
    Log log;
    events::CouponCreated created;
    created.coupon_id = events::CouponId("verao10");
    created.code = "VERAO10";
    created.discount = {"percentage", JsonText("10")};
    log.add(events::CouponEvent(created));
    log.add(events::CouponEvent(events::CouponDisabled{events::CouponId("verao10"), "Fim"}));
    const auto coupon = state_of(log, "coupon-verao10");
    CHECK(coupon["coupon_id"] == "verao10");
    CHECK(coupon["code"] == "VERAO10");
    CHECK(coupon["status"] == "disabled");
    CHECK(coupon["version"] == 2);
    CHECK(state_of(log, "coupon-verao10", 1)["status"] == "active");
    CHECK(state_of(log, "coupon-verao10", 3).is_null());
    CHECK(state_of(log, "coupon-nosuch").is_null());

    log.add(offer_created("o1", "One"));
    log.add(events::OfferActivated{OfferId("o1"), {}});
    CHECK(state_of(log, "offer-o1")["status"] == "active");
}

TEST_CASE("stock and reservations fold into what is decided on") {
    Log log;
    const auto until = parse_time("2026-11-30T12:00:00Z").value();
    const auto add = [&log](const char* stream, const auto& event) {
        log.add_encoded(StreamName(stream), events::encode(event));
    };
    add("stock-can-01", events::StockSet{"CAN-01", 10, 0, 1, "tracked"});
    add("stock-can-01", events::StockReserved{"CAN-01", events::ReservationId("r1"), 3, until});
    const auto stock = state_of(log, "stock-can-01");
    CHECK(stock["on_hand"] == 10);
    CHECK(stock["safety"] == 1);
    CHECK(stock["held"][0]["quantity"] == 3);
    CHECK(state_of(log, "stock-can-01", 1)["held"].empty());
    add("reservation-r1",
        events::ReservationMade{events::ReservationId("r1"), "cart", {{"CAN-01", 3}}, until});
    add("reservation-r1", events::ReservationReleased{events::ReservationId("r1")});
    const auto reservation = state_of(log, "reservation-r1");
    CHECK(reservation["status"] == "released");
    CHECK(reservation["items"][0]["sku"] == "CAN-01");
}

TEST_CASE("the keys of a tenant fold into what became of each") {
    Log log;
    const TenantId acme("acme");
    const auto add = [&log](const events::KeyEvent& event) {
        log.add_encoded(StreamName("keys-acme"), events::encode(event));
    };
    add(events::KeyAdded{acme, "vtr_1", "admin", "Ana", "2030-01-01"});
    add(events::KeyAdded{acme, "vtr_2", "reader", "", {}});
    add(events::KeyRevoked{acme, "vtr_1", "admin", "Ana"});
    const auto state = state_of(log, "keys-acme");
    REQUIRE(state["keys"].size() == 2);
    CHECK(state["keys"][0]["key"] == "vtr_1");
    CHECK(state["keys"][0]["expires_at"] == "2030-01-01");
    CHECK(state["keys"][0]["revoked"] == true);
    CHECK(state["keys"][1]["revoked"] == false);
    CHECK(state["version"] == 3);
}

TEST_CASE("a stream from which nothing is decided is what happened in it") {
    Log log;
    log.add_encoded(
        StreamName("projection-offers"),
        {"ParkedStreamRetried", 1, R"({"projection":"offers","stream":"offer-o1"})"}
    );
    const auto state = state_of(log, "projection-offers");
    CHECK(state["stream"] == "projection-offers");
    CHECK(state["events"][0]["type"] == "ParkedStreamRetried");
}

}  // namespace vitrine::tests
