// The rules of stock and reservations, decided without a log.
#include "commands/stock/stock.hpp"

#include "commands/stock/reservation.hpp"
#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using std::chrono::seconds;

namespace {

const Timestamp now = Timestamp(seconds(1'800'000'000));
const std::string sku = "CAN-01";
const ReservationId one("one"), other("other");

spec::Given<StockState> given(const StockEvents& history) {
    auto state = spec::folded<StockState>(history);
    state.sku = sku;
    return spec::Given<StockState>(state);
}

events::StockSet set_to(std::int64_t on_hand, std::int64_t backorder = 0, std::int64_t safety = 0) {
    return {sku, on_hand, backorder, safety, "tracked"};
}

events::StockReserved held(const ReservationId& id, std::int64_t quantity, int ttl = 60) {
    return {sku, id, quantity, now + seconds(ttl)};
}

/// A reservation of one SKU and what its stock is.
class World {
public:
    explicit World(const StockEvents& history) : stock_(spec::folded<StockState>(history)) {
        stock_.sku = sku;
        reservation_.id = one;
    }
    template <class Command>
    ReservationDecision decide(const Command& command, int after = 0) const {
        return commands::decide(
            command, {reservation_, one, {{sku, &stock_}}}, now + seconds(after)
        );
    }
    /// Decides and is changed by it.
    template <class Command>
    ReservationDecision when(const Command& command, int after = 0) {
        auto decision = decide(command, after);
        if (!decision) return decision;
        for (const auto& change : decision->events) {
            if (const auto* own = std::get_if<On<events::ReservationEvent>>(&change))
                reservation_ = evolve(std::move(reservation_), own->event);
            if (const auto* stock = std::get_if<On<events::StockEvent>>(&change))
                stock_ = evolve(std::move(stock_), stock->event);
        }
        return decision;
    }
    const StockState& stock() const { return stock_; }
    const ReservationState& reservation() const { return reservation_; }

private:
    StockState stock_;
    ReservationState reservation_;
};

ReserveStock reserve(std::int64_t quantity, std::int64_t ttl = 60) {
    return {"cart", {{sku, quantity}}, ttl};
}

}  // namespace

TEST_CASE("stock is set and adjusted, and what is so already is no event", "[stock]") {
    given({}).when(SetStock{5, {}, {}, {}}, now).then({set_to(5)});
    given({set_to(5)}).when(SetStock{5, {}, {}, {}}, now).then_nothing();
    given({set_to(5, 2, 1)}).when(SetStock{7, {}, {}, {}}, now).then({set_to(7, 2, 1)});
    given({set_to(5)})
        .when(AdjustStock{-2, "broken"}, now)
        .then({events::StockAdjusted{sku, -2, 3, "broken"}});
    given({set_to(5)}).when(AdjustStock{-6, "broken"}, now).then_fault("/delta", "out_of_range");
}

TEST_CASE("what is promised stays covered", "[stock]") {
    const StockEvents history{set_to(5), held(one, 3), held(other, 2, 10)};
    given(history).when(SetStock{4, {}, {}, {}}, now).then_rejected("stock-committed");
    given(history).when(AdjustStock{-1, "broken"}, now).then_rejected("stock-committed");
    given(history).when(SetStock{4, 1, {}, {}}, now).then({set_to(4, 1)});
    // One of them is over by then, which is told.
    given(history)
        .when(SetStock{3, {}, {}, {}}, now + seconds(10))
        .then({events::StockReservationExpired{sku, other, 2}, set_to(3)});
    // Nothing is promised of what is not tracked.
    given(history)
        .when(SetStock{0, {}, {}, "untracked"}, now)
        .then({events::StockSet{sku, 0, 0, 0, "untracked"}});
    const StockEvents allocated{set_to(5), held(one, 3), events::StockAllocated{sku, one, 3}};
    given(allocated)
        .when(SetStock{2, {}, {}, {}}, now + seconds(99))
        .then_rejected("stock-committed");
}

TEST_CASE("a reservation takes what is free and no more", "[stock]") {
    World world({set_to(5, 1, 2), held(other, 1)});
    const auto refused = world.when(reserve(4));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == "out-of-stock");
    REQUIRE(refused.error().faults.size() == 1);
    CHECK(refused.error().faults[0].pointer == "/items/0");
    CHECK(refused.error().faults[0].code == "out_of_stock");
    REQUIRE(world.when(reserve(3)));
    CHECK(world.stock().reserved(now) == 4);
    CHECK(world.reservation().status == ReservationStatus::reserved);
}

TEST_CASE("the same reference is the same reservation", "[stock]") {
    World world({set_to(5)});
    REQUIRE(world.when(reserve(3)));
    CHECK(world.when(reserve(3), 1)->events.empty());
    CHECK(world.reservation().expires_at == now + seconds(60));
    // Another quantity takes the place of the first, and may have what that held.
    REQUIRE(world.when(reserve(5), 2));
    CHECK(world.stock().reserved(now) == 5);
    CHECK_FALSE(world.when(reserve(6), 3));
    CHECK(world.stock().reserved(now) == 5);
    REQUIRE(world.when(ConfirmReservation{}, 4));
    CHECK(world.when(reserve(5), 5)->events.empty());
    CHECK(world.when(reserve(1), 5).error().problem == "illegal-transition");
}

TEST_CASE("a reservation is over at its time, whether somebody tells it or not", "[stock]") {
    World world({set_to(5), held(other, 5, 10)});
    CHECK_FALSE(world.decide(reserve(1), 9));
    const auto made = world.when(reserve(5), 10);
    REQUIRE(made);
    CHECK(
        made->events[1] ==
        std::variant<On<events::ReservationEvent>, On<events::StockEvent>>(On<events::StockEvent>{
            stock_stream(sku), events::StockReservationExpired{sku, other, 5}
        })
    );
    CHECK(world.stock().held.size() == 1);
}

TEST_CASE("a confirmed reservation expires no more and leaves when it is fulfilled", "[stock]") {
    World world({set_to(5)});
    REQUIRE(world.when(reserve(2)));
    CHECK(world.decide(FulfilReservation{}).error().problem == "illegal-transition");
    REQUIRE(world.when(ConfirmReservation{}, 59));
    CHECK(world.when(ConfirmReservation{}, 100)->events.empty());
    CHECK(world.stock().allocated == 2);
    CHECK(world.stock().reserved(now) == 0);
    REQUIRE(world.when(FulfilReservation{}, 200));
    CHECK(world.stock().on_hand == 3);
    CHECK(world.stock().allocated == 0);
    CHECK(world.when(FulfilReservation{}, 201)->events.empty());
    CHECK(world.decide(ReleaseReservation{}).error().problem == "illegal-transition");
    CHECK(world.decide(ConfirmReservation{}).error().problem == "illegal-transition");
}

TEST_CASE("what is released or deallocated is free again", "[stock]") {
    World world({set_to(5)});
    REQUIRE(world.when(reserve(5)));
    REQUIRE(world.when(ReleaseReservation{}));
    CHECK(world.stock().free_for(other, now) == 5);
    CHECK(world.when(ReleaseReservation{})->events.empty());
    CHECK(world.decide(ConfirmReservation{}).error().problem == "illegal-transition");
    REQUIRE(world.when(reserve(5)));
    REQUIRE(world.when(ConfirmReservation{}));
    REQUIRE(world.when(ReleaseReservation{}));
    CHECK(world.stock().allocated == 0);
    CHECK(world.stock().on_hand == 5);
}

TEST_CASE(
    "confirmed too late it is had again if it is there, else the shortfall is told", "[stock]"
) {
    World world({set_to(5)});
    REQUIRE(world.when(reserve(3)));
    SECTION("still there") {
        REQUIRE(world.when(ConfirmReservation{}, 60));
        CHECK(world.stock().allocated == 3);
        CHECK(world.stock().held.empty());
    }
    SECTION("somebody else has it") {
        World taken({set_to(5), held(one, 3), held(other, 4, 200)});
        REQUIRE(taken.when(reserve(1)));
        REQUIRE(taken.when(reserve(1), 60));
        World late({set_to(5), held(other, 5, 200)});
        auto state = late.reservation();
        state = evolve(
            state, events::ReservationMade{one, "cart", {{sku, 3, true}}, now + seconds(60)}
        );
        const auto& stock = late.stock();
        const ReservationFacts facts{state, one, {{sku, &stock}}};
        const auto told = commands::decide(ConfirmReservation{}, facts, now + seconds(60));
        REQUIRE(told);
        REQUIRE(told->refusal.has_value());
        CHECK(told->refusal->problem == "reservation-expired");
        REQUIRE(told->events.size() == 2);
        CHECK(
            (std::get<On<events::StockEvent>>(told->events[1]).event ==
             events::StockEvent(events::StockShortfall{sku, one, 3, 0}))
        );
        state = evolve(state, events::ReservationExpired{one});
        const auto again = commands::decide(ConfirmReservation{}, facts, now + seconds(61));
        REQUIRE_FALSE(again);
        CHECK(again.error().problem == "reservation-expired");
    }
}

TEST_CASE("a SKU that is not tracked holds nothing", "[stock]") {
    for (const auto& history :
         {StockEvents{}, StockEvents{events::StockSet{sku, 0, 0, 0, "untracked"}}}) {
        World world(history);
        const auto made = world.when(reserve(1000));
        REQUIRE(made);
        CHECK(made->events.size() == 1);
        CHECK(world.when(ConfirmReservation{})->events.size() == 1);
        CHECK(world.when(FulfilReservation{})->events.size() == 1);
        CHECK(world.stock().on_hand == 0);
    }
}

TEST_CASE("every SKU stands once among the items", "[stock]") {
    const auto faults = faults_of({"cart", {{"A", 1}, {"B", 1}, {"A", 2}}, 60});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].pointer == "/items/2/sku");
    CHECK(faults[0].code == "duplicate");
}
