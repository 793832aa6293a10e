#include "api/service/erasure_receivers.hpp"

#include <boost/asio/dispatch.hpp>

#include "events/customers.hpp"

namespace vitrine::api {

void ErasureReceivers::begin() {
    store::Filter filter;
    filter.types = {std::string(events::CustomerErased::event_type)};
    watch_.begin(parts_.store, filter, [this](const events::RecordedEvent& event) {
        tell(event.tenant);
    });
    std::set<TenantId> tenants;
    for (const auto& erasure : parts_.people.erasures()) tenants.insert(erasure.tenant);
    for (const auto& tenant : tenants) tell(tenant);
}

void ErasureReceivers::tell(const TenantId& tenant) {
    boost::asio::dispatch(parts_.loop, [this, tenant] { set(tenant); });
}

/// Of a tenant that is retired nothing is sent any more. One that is there stays.
void ErasureReceivers::set(const TenantId& tenant) {
    const auto known = parts_.keys.find_tenant(tenant);
    if (!known || known->retired_at) {
        parts_.runner.remove({tenant, deliveries::erasure_kind, deliveries::clubify_erasures});
    } else if (set_.insert(tenant).second) {
        parts_.runner.set(deliveries::erasure_receiver(tenant, parts_.erasures));
    }
}

}  // namespace vitrine::api
