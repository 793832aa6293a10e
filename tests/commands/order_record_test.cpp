// An order comes into the log once, whoever tells it how often.
#include "commands/orders/record.hpp"

#include "events/codec.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run_now.hpp"

using namespace vitrine;
using commands::OrdersRecorded;

namespace {

const TenantId acme("acme");
const Timestamp noon = Timestamp(std::chrono::seconds(1'301'659'200));

events::OrderRecorded order(std::string id, std::string told_by = "import") {
    events::OrderRecorded order;
    order.order_id = std::move(id);
    order.told_by = std::move(told_by);
    order.status = "completed";
    order.placed_at = noon;
    order.settled_at = noon;
    order.currency = "BRL";
    order.total_cents = 1990;
    order.lines = {{"cafe", {}, {}, {}, 1, 1990, ""}};
    return order;
}

class Books {
public:
    OrdersRecorded record(std::vector<events::OrderRecorded> orders, bool dry_run = false) {
        return tests::run_now(commands::record_orders(recording(dry_run), std::move(orders)))
            .value();
    }
    OrdersRecorded record_and_wait(const std::vector<events::OrderRecorded>& orders) {
        return commands::record_orders_and_wait(recording(false), orders).value();
    }
    store::MemoryEventStore store{[] { return noon; }};

private:
    commands::OrderRecording recording(bool dry_run) {
        return {
            .store = store,
            .tenant = acme,
            .clock = [] { return noon; },
            .new_id = uuid_v7_source(system_clock()),
            .actor = "cli:test",
            .dry_run = dry_run
        };
    }
};

}  // namespace

TEST_CASE("orders that are told again add nothing", "[order]") {
    Books books;
    CHECK(books.record({order("1"), order("2")}) == OrdersRecorded{2, 0, 0});
    CHECK(books.record({order("2"), order("3")}) == OrdersRecorded{1, 0, 1});
    CHECK(books.record_and_wait({order("1"), order("2"), order("3")}) == OrdersRecorded{0, 0, 3});
    CHECK(books.store.head() == 3);
}

TEST_CASE("what a teller says else than before is recorded, of each teller", "[order]") {
    Books books;
    books.record({order("1")});
    CHECK(books.record({order("1", "adopt")}) == OrdersRecorded{0, 1, 0});
    auto cancelled = order("1");
    cancelled.status = "cancelled";
    CHECK(books.record({cancelled}) == OrdersRecorded{0, 1, 0});
    CHECK(books.record({cancelled, order("2")}) == OrdersRecorded{1, 0, 1});
    CHECK(books.record({order("1", "adopt")}) == OrdersRecorded{0, 0, 1});
    CHECK(books.store.stream_version(acme, commands::order_stream("1")) == 3);
}

TEST_CASE("a dry run counts what would be recorded", "[order]") {
    Books books;
    books.record({order("1")});
    CHECK(books.record({order("1"), order("2")}, true) == OrdersRecorded{1, 0, 1});
    CHECK(books.store.head() == 1);
}

TEST_CASE("an order has one id of ours, and each tenant its own", "[order]") {
    const auto id = events::order_id_of(acme, "539993");
    CHECK(id == events::order_id_of(acme, "539993"));
    CHECK(is_uuid(id.view()));
    CHECK(id != events::order_id_of(acme, "539994"));
    CHECK(id != events::order_id_of(TenantId("other"), "539993"));
}
