#pragma once

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "commands/areas.hpp"
#include "commands/engine/bus.hpp"
#include "commands/facts.hpp"
#include "commands/stock/stock.hpp"
#include "core/uuid.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

// Stock over several buses on one log, each with a thread and a loop of its own: as processes are.
namespace vitrine::commands::spec {

/// A bus that any thread may ask.
class ShopNode {
public:
    ShopNode(store::EventStore& log, Clock clock, int number) : facts_(facts_of_log(log)) {
        BusOptions options;
        options.lease.owner = "node-" + std::to_string(number);
        bus_ = std::make_unique<CommandBus>(
            BusParts{
                .loop = loop_.get_executor(),
                .store = log,
                .facts = *facts_,
                .commands = stock_commands(),
                .connectors = {},
                .tenant_context = {},
                .clock = std::move(clock),
                .new_id = store::testing::fresh_id,
                .notify = [](const Notice&) {}
            },
            options
        );
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~ShopNode() {
        work_.reset();
        bus_->refuse_new();
        loop_.stop();
        thread_.join();
    }
    ShopNode(const ShopNode&) = delete;
    ShopNode& operator=(const ShopNode&) = delete;

    std::future<CommandReply> begin(CommandRequest request) {
        return asio::co_spawn(loop_, bus_->handle(std::move(request)), asio::use_future);
    }
    CommandReply handle(CommandRequest request) { return begin(std::move(request)).get(); }

private:
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    std::unique_ptr<const Facts> facts_;
    std::unique_ptr<CommandBus> bus_;
    std::thread thread_;
};

inline CommandRequest stock_request(
    std::string name, std::string entity_id, std::string body, const std::string& tenant = "acme"
) {
    CommandRequest request;
    request.principal = {TenantId(tenant), store::Role::admin, "key:test"};
    request.name = std::move(name);
    request.method = "POST";
    request.path = "/v1/reservations";
    request.entity_id = std::move(entity_id);
    request.body = std::move(body);
    return request;
}

inline CommandRequest reserve_request(
    const std::string& reference, const std::string& items, int ttl_seconds = 900
) {
    return stock_request(
        "ReserveStock",
        "",
        R"({"reference":")" + reference + R"(","ttl_seconds":)" + std::to_string(ttl_seconds) +
            R"(,"items":)" + items + "}"
    );
}

inline std::string item(const std::string& sku, int quantity) {
    return R"([{"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + "}]";
}

/// In every state that a SKU was ever in: what is confirmed and held does not exceed what there is.
/// Held: of reservations that were not over when the event was recorded. The first event that broke
/// it, or 0.
inline Position first_oversold(
    store::EventStore& log, const TenantId& tenant, const std::string& sku
) {
    StockState state;
    Position broken = 0;
    for_each_event(log, tenant, stock_stream(sku), 1, [&](const events::RecordedEvent& recorded) {
        const auto event = events::decode<events::StockEvent>(recorded);
        state = evolve(std::move(state), event.value());
        const auto in_use = state.allocated + state.reserved(recorded.occurred_at);
        if (broken == 0 && state.tracked && in_use > state.on_hand + state.backorder_limit)
            broken = recorded.position;
    });
    return broken;
}

}  // namespace vitrine::commands::spec
