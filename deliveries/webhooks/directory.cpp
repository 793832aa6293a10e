#include "deliveries/webhooks/directory.hpp"

#include <utility>
#include <vector>

#include "projections/endpoints/reader.hpp"

namespace vitrine::deliveries {
namespace {

constexpr const char* model = "endpoints";
constexpr const char* category = "endpoint";
constexpr std::size_t events_at_once = 100;

store::Filter endpoint_events() {
    store::Filter filter;
    filter.category = category;
    return filter;
}

}  // namespace

EndpointDirectory::EndpointDirectory(
    store::EventStore& store, const projections::Projections& projections, Changed changed
)
    : store_(store), changed_(std::move(changed)) {
    Position known = 0;
    std::vector<std::pair<TenantId, std::string>> endpoints;
    if (auto lease = projections.read_model(model).lease()) {
        known = lease->position();
        endpoints = projections::endpoints_in(*lease);
    }
    for (const auto& [tenant, id] : endpoints) tell(tenant, events::EndpointId(id));
    log_ = store_.subscribe(known, endpoint_events());
    thread_ = std::thread([this] { follow(); });
}

EndpointDirectory::~EndpointDirectory() {
    log_->close();
    thread_.join();
}

void EndpointDirectory::follow() {
    while (const auto events = log_->advance(events_at_once)) {
        for (const auto& event : *events)
            tell(event->tenant, events::EndpointId(std::string(events::id_of(event->stream))));
    }
}

void EndpointDirectory::tell(const TenantId& tenant, const events::EndpointId& id) {
    if (auto endpoint = load_endpoint(store_, tenant, id)) changed_(*std::move(endpoint));
}

}  // namespace vitrine::deliveries
