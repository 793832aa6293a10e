#include "events/stock.hpp"

#include "projections/stock/reader.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using events::ReservationId;
using events::StockEvent;
using std::chrono::seconds;

const ReservationId one("one"), other("other");

StockEvent set_to(std::int64_t on_hand) {
    return events::StockSet{"A", on_hand, 2, 1, "tracked"};
}

}  // namespace

TEST_CASE("what is reserved is of the moment of the question") {
    Log log;
    log.add(set_to(10));
    const auto until = log.now + seconds(60);
    log.add(StockEvent(events::StockReserved{"A", one, 3, until}));
    log.add(StockEvent(events::StockReserved{"A", other, 2, until + seconds(60)}));
    log.as("globex");
    log.add(set_to(4));
    log.as("acme");
    ModelFile model("stock");
    model.follow(log);

    const auto at = [&](Timestamp time) {
        return projections::StockReader(model.lease(), time).find(log.tenant(), "A").value();
    };
    CHECK(at(until - seconds(1)).reserved == 5);
    CHECK(at(until - seconds(1)).available() == 4);
    CHECK(at(until).reserved == 2);
    CHECK(at(until + seconds(60)).reserved == 0);
    CHECK(at(until).on_hand == 10);
    CHECK(at(until).backorder_limit == 2);
    CHECK(at(until).tracked);
    CHECK_FALSE(projections::StockReader(model.lease(), until).find(log.tenant(), "B").has_value());
}

TEST_CASE("reservations are allocated, leave or come back, and the history has each step") {
    Log log;
    log.add(set_to(10));
    const auto until = log.now + seconds(60);
    log.add(StockEvent(events::StockReserved{"A", one, 3, until}));
    log.add(StockEvent(events::StockReserved{"A", other, 2, until}));
    ModelFile model("stock");
    model.follow(log);
    log.add(StockEvent(events::StockAllocated{"A", one, 3}));
    log.add(StockEvent(events::StockReleased{"A", other, 2}));
    log.add(StockEvent(events::StockFulfilled{"A", one, 3}));
    const auto last = log.add(StockEvent(events::StockAdjusted{"A", -1, 6, "quebra"}));
    model.follow(log);

    projections::StockReader reader(model.lease(), log.now);
    const auto stock = reader.find(log.tenant(), "A").value();
    CHECK(stock.on_hand == 6);
    CHECK(stock.allocated == 0);
    CHECK(stock.reserved == 0);
    CHECK(stock.version == 7);
    CHECK(stock.position == last);

    const auto page = reader.history(log.tenant(), "A", std::nullopt, 2);
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[0].type == "StockAdjusted");
    CHECK(page.items[0].quantity == -1);
    CHECK(page.items[0].reason == "quebra");
    CHECK(page.items[1].type == "StockFulfilled");
    CHECK(page.items[1].reservation_id == "one");
    CHECK(page.items[1].on_hand == 7);
    REQUIRE(page.next == Version{6});
    const auto rest = reader.history(log.tenant(), "A", page.next, 10);
    REQUIRE(rest.items.size() == 5);
    CHECK(rest.items[1].type == "StockAllocated");
    CHECK(rest.items[1].allocated == 3);
    CHECK(rest.items.back().type == "StockSet");
    CHECK_FALSE(rest.next.has_value());
}

TEST_CASE("a list of stock is searched by SKU and policy") {
    Log log;
    for (const auto* sku : {"CAN-01", "CAN-02", "POT-01"})
        log.add(StockEvent(events::StockSet{sku, 1, 0, 0, "tracked"}));
    log.add(StockEvent(events::StockSet{"POT-01", 1, 0, 0, "untracked"}));
    ModelFile model("stock");
    model.follow(log);
    projections::StockReader reader(model.lease(), log.now);
    const auto listed = [&](std::string_view policy, std::string_view search) {
        const std::optional<projections::ListKey> first;
        return reader
            .list(
                log.tenant(),
                {.status = policy, .type = {}, .search = search, .after = first, .limit = 10}
            )
            .items.size();
    };
    CHECK(listed("", "") == 3);
    CHECK(listed("", "can-") == 2);
    CHECK(listed("untracked", "") == 1);
    CHECK(reader.has_any(log.tenant()));
    CHECK_FALSE(reader.has_any(TenantId("globex")));
}

}  // namespace vitrine::tests
