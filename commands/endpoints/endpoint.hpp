#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/edited.hpp"
#include "core/ids.hpp"
#include "events/endpoints.hpp"
#include "gateways/webhooks_out/url.hpp"
#include "store/event_store.hpp"

// The write model of one endpoint. Pure but for load.
namespace vitrine::commands {

using webhooks_out::Receivers;

struct CreateEndpoint {
    std::string url;
    std::vector<std::string> types;
    std::optional<std::string> description;
    bool legacy_headers = false;
    std::optional<std::string> legacy_signature_header;
    bool people = false;
};

/// What is absent stays; null takes away.
struct EditEndpoint {
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> types;
    Edited<std::string> description;
    std::optional<bool> legacy_headers;
    Edited<std::string> legacy_signature_header;
    std::optional<bool> enabled;
    std::optional<std::string> reason;  // of its being disabled
};

struct ReplayToEndpoint {
    std::int64_t from = 0;
    std::optional<std::int64_t> to;
};

struct RotateEndpointSecret {};
struct DeleteEndpoint {};

/// What decide must know of an endpoint: all that it is.
struct EndpointState {
    Version version = 0;  // 0: there is none
    events::EndpointCreated facts;
    bool enabled = true;
    bool deleted = false;
    std::int64_t secret_number = 1;
};

using EndpointEvents = std::vector<events::EndpointEvent>;
using EndpointDecision = std::expected<EndpointEvents, Rejection>;

EndpointDecision decide(
    const CreateEndpoint& command, const EndpointState& state, Receivers receivers
);

/// No events: everything is so already.
EndpointDecision decide(
    const EditEndpoint& command, const EndpointState& state, Receivers receivers
);
EndpointDecision decide(const RotateEndpointSecret& command, const EndpointState& state);
EndpointDecision decide(const ReplayToEndpoint& command, const EndpointState& state);
EndpointDecision decide(const DeleteEndpoint& command, const EndpointState& state);

EndpointState evolve(EndpointState state, const events::EndpointEvent& event);

/// Folded from its first event on: an endpoint is changed by people.
EndpointState load_endpoint(
    store::EventStore& store, const TenantId& tenant, const events::EndpointId& id
);

}  // namespace vitrine::commands
