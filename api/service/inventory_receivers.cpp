#include "api/service/inventory_receivers.hpp"

#include <boost/asio/dispatch.hpp>

#include "events/codec.hpp"
#include "events/stock.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t events_at_once = 100;

/// As the tenant's last event of it says. Where reads may block.
InventorySetting setting_of(store::EventStore& store, const TenantId& tenant) {
    const StreamName stream("inventory-" + std::string(deliveries::clubify_inventory));
    const auto last = store.read_stream(tenant, stream, 0, 1, store::Direction::backwards);
    if (last.empty()) return {};
    const auto event = events::decode<events::InventoryEvent>(last.front());
    if (!event) return {};
    const auto& changed = std::get<events::InventoryDeliveryChanged>(*event);
    return {changed.enabled, last.front().position};
}

}  // namespace

void InventoryReceivers::begin() {
    store::Filter filter;
    filter.category = "inventory";
    log_ = parts_.store.subscribe(parts_.store.head(), filter);
    for (const auto& tenant : parts_.keys.tenants()) tell(tenant.id);
    thread_ = std::thread([this] {
        while (const auto events = log_->advance(events_at_once)) {
            for (const auto& event : *events) tell(event->tenant);
        }
    });
}

void InventoryReceivers::end() {
    if (!thread_.joinable()) return;
    log_->close();
    thread_.join();
}

void InventoryReceivers::tell(const TenantId& tenant) {
    const auto setting = setting_of(parts_.store, tenant);
    boost::asio::dispatch(parts_.loop, [this, tenant, setting] { set(tenant, setting); });
}

/// Of a tenant that is retired nothing is sent any more.
void InventoryReceivers::set(const TenantId& tenant, InventorySetting setting) {
    const auto known = parts_.keys.find_tenant(tenant);
    if (setting.enabled && known && !known->retired_at) {
        parts_.runner.set(deliveries::inventory_receiver(tenant, setting.since, parts_.inventory));
    } else {
        parts_.runner.remove({tenant, deliveries::inventory_kind, deliveries::clubify_inventory});
    }
}

}  // namespace vitrine::api
