#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/endpoints.hpp"
#include "events/envelope.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {

/// A tenant's endpoint, as far as its messages need it.
struct Endpoint {
    TenantId tenant;
    events::EndpointId id;
    std::string url;
    std::vector<std::string> types;
    bool all_types = false;
    std::string legacy_header;  // empty: those of before the standard are not sent
    bool people = false;        // what names people is sent open
    bool enabled = true;
    bool deleted = false;
    std::int64_t secret_number = 1;
    Timestamp secret_since;
    Position start = 0;  // events after it are sent
};

/// Folded from its stream; nullopt: there is none.
std::optional<Endpoint> load_endpoint(
    store::EventStore& store, const TenantId& tenant, const events::EndpointId& id
);

}  // namespace vitrine::deliveries
