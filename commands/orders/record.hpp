#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/orders.hpp"
#include "store/event_store.hpp"

// How an order comes into the log from whoever has all of it: adoption, an import, a checkout of
// ours. What the platform's webhooks tell piece by piece goes into the same streams
// (commands/webhooks/), and the read model makes one order of all that was told.
namespace vitrine::commands {

/// Where orders are recorded, and by whom.
struct OrderRecording {
    store::EventStore& store;
    TenantId tenant;
    Clock clock;
    UuidSource new_id;
    std::string actor;
    CorrelationId correlation_id = {};
    std::string traceparent = {};
    bool dry_run = false;  // counts only
};

/// What became of orders: those that nobody had told of, those of which something else was told
/// than before, and those of which everything was known.
struct OrdersRecorded {
    std::size_t added = 0, changed = 0, known = 0;

    OrdersRecorded& operator+=(const OrdersRecorded& other);
    bool operator==(const OrdersRecorded&) const = default;
};

/// The stream of an order, whose id is a plain one (commands/plain_id.hpp).
StreamName order_stream(std::string_view order_id);

/// Records the orders, whose ids differ, in one append; an order of which its teller said the same
/// before is left out, so that whoever tells twice adds nothing. Concurrency: any loop.
boost::asio::awaitable<std::expected<OrdersRecorded, store::AppendError>> record_orders(
    OrderRecording recording, std::vector<events::OrderRecorded> orders
);

/// The same on the caller's thread, which may block.
std::expected<OrdersRecorded, store::AppendError> record_orders_and_wait(
    const OrderRecording& recording, const std::vector<events::OrderRecorded>& orders
);

}  // namespace vitrine::commands
