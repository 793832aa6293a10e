#include "api/service/inventory_receivers.hpp"

#include <boost/asio/dispatch.hpp>

#include "events/codec.hpp"
#include "events/stock.hpp"

namespace vitrine::api {
namespace {

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
    watch_.begin(parts_.store, filter, [this](const events::RecordedEvent& event) {
        tell(event.tenant);
    });
    for (const auto& tenant : parts_.keys.tenants()) tell(tenant.id);
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
