#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "api/service/log_watch.hpp"
#include "deliveries/inventory/inventory_receiver.hpp"
#include "deliveries/runner.hpp"
#include "store/event_store.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// What it works with; references outlive it.
struct InventoryReceiverParts {
    boost::asio::any_io_executor loop;  // the main one
    store::EventStore& store;
    store::Keys& keys;
    deliveries::Runner& runner;
    deliveries::InventoryParts inventory;
};

/// Whether a tenant's stock is told to the platform, and from which event on.
struct InventorySetting {
    bool enabled = false;
    Position since = 0;
};

/// Keeps the receivers of the runner as the tenants' settings are: whose stock the platform is
/// told.
///
/// Concurrency: begin where reads of the log may block, the rest on the main loop; a thread of its
/// own waits for the log.
class InventoryReceivers {
public:
    explicit InventoryReceivers(InventoryReceiverParts parts) : parts_(std::move(parts)) {}
    InventoryReceivers(const InventoryReceivers&) = delete;
    InventoryReceivers& operator=(const InventoryReceivers&) = delete;

    /// Sets those there are, and from now on every change.
    void begin();
    /// Looks for changes no more.
    void end() { watch_.end(); }

private:
    void tell(const TenantId& tenant);
    void set(const TenantId& tenant, InventorySetting setting);

    InventoryReceiverParts parts_;
    LogWatch watch_;
};

}  // namespace vitrine::api
