#include "commands/orders/record.hpp"

#include "events/codec.hpp"
#include "events/new_event.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

using events::OrderRecorded;

/// Another writer came first that often: whoever tells asks again.
constexpr int most_tries = 8;

/// What is known of an order already.
struct Known {
    Version version = 0;  // 0: nobody has told of it
    bool same = false;    // its teller said the same
};

Known look_up(store::EventStore& store, const TenantId& tenant, const OrderRecorded& order) {
    const auto stream = order_stream(order.order_id);
    Known known;
    constexpr std::size_t page = 256;
    Version from = 0;
    while (true) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::backwards);
        if (events.empty()) return known;
        if (known.version == 0) known.version = events.front().version;
        for (const auto& event : events) {
            if (event.type != OrderRecorded::event_type) continue;
            const auto told = events::decode<OrderRecorded>(event);
            if (!told || told->told_by != order.told_by) continue;
            known.same = *told == order;
            return known;
        }
        if (events.back().version == 1) return known;
        from = events.back().version - 1;
    }
}

/// An append of what is new, and what becomes of the orders with it.
struct Planned {
    store::Append append;
    OrdersRecorded outcome;
};

/// Where reads may block.
Planned plan(const OrderRecording& recording, const std::vector<OrderRecorded>& orders) {
    events::Metadata metadata;
    metadata.correlation_id = recording.correlation_id;
    metadata.causation_id = recording.correlation_id.str();
    metadata.actor = recording.actor;
    metadata.traceparent = recording.traceparent;
    const auto text = events::encode_metadata(metadata);
    const auto now = recording.clock();
    Planned planned;
    planned.append.tenant = recording.tenant;
    for (const auto& order : orders) {
        const auto known = look_up(recording.store, recording.tenant, order);
        if (known.same) {
            ++planned.outcome.known;
            continue;
        }
        ++(known.version == 0 ? planned.outcome.added : planned.outcome.changed);
        planned.append.streams.push_back(
            {order_stream(order.order_id),
             known.version == 0 ? store::ExpectedVersion::no_stream()
                                : store::ExpectedVersion::exact(known.version),
             {events::new_event(EventId(recording.new_id()), events::encode(order), text, now)}}
        );
    }
    return planned;
}

bool is_worth_another_try(const store::AppendError& error, int tries) {
    return error.kind == store::AppendError::Kind::conflict && tries < most_tries;
}

}  // namespace

OrdersRecorded& OrdersRecorded::operator+=(const OrdersRecorded& other) {
    added += other.added;
    changed += other.changed;
    known += other.known;
    return *this;
}

StreamName order_stream(std::string_view order_id) {
    return StreamName("order-" + std::string(order_id));
}

boost::asio::awaitable<std::expected<OrdersRecorded, store::AppendError>> record_orders(
    OrderRecording recording, std::vector<events::OrderRecorded> orders
) {
    for (int tries = 1;; ++tries) {
        auto planned =
            co_await store::read(recording.store, [&] { return plan(recording, orders); });
        if (recording.dry_run || planned.append.streams.empty()) co_return planned.outcome;
        auto appended = co_await store::append_to(recording.store, std::move(planned.append));
        if (appended) co_return planned.outcome;
        if (!is_worth_another_try(appended.error(), tries))
            co_return std::unexpected(std::move(appended.error()));
    }
}

std::expected<OrdersRecorded, store::AppendError> record_orders_and_wait(
    const OrderRecording& recording, const std::vector<events::OrderRecorded>& orders
) {
    for (int tries = 1;; ++tries) {
        auto planned = plan(recording, orders);
        if (recording.dry_run || planned.append.streams.empty()) return planned.outcome;
        auto appended = store::append_and_wait(recording.store, std::move(planned.append));
        if (appended) return planned.outcome;
        if (!is_worth_another_try(appended.error(), tries))
            return std::unexpected(std::move(appended.error()));
    }
}

}  // namespace vitrine::commands
