#include "deliveries/webhooks/endpoint.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "events/codec.hpp"

namespace vitrine::deliveries {
namespace {

constexpr std::string_view usual_legacy_header = "X-Clubify-Signature";

/// What an endpoint is, before it is asked what follows from it.
struct Facts {
    events::EndpointCreated created;
    bool enabled = true, deleted = false;
    std::int64_t secret_number = 1;
    Timestamp secret_since;
    Position start = 0;

    void apply(const events::EndpointEvent& event, const events::RecordedEvent& recorded) {
        std::visit(
            overloaded{
                [&](const events::EndpointCreated& e) {
                    created = e;
                    secret_since = recorded.recorded_at;
                    start = recorded.position;
                },
                [&](const events::EndpointChanged& e) { change(e); },
                [&](const events::EndpointDisabled&) { enabled = false; },
                [&](const events::EndpointEnabled&) { enabled = true; },
                [&](const events::EndpointSecretRotated& e) {
                    secret_number = e.secret_number;
                    secret_since = recorded.recorded_at;
                },
                [](const events::EndpointReplayAsked&) {},
                [&](const events::EndpointDeleted&) { deleted = true; },
            },
            event
        );
    }

    void change(const events::EndpointChanged& e) {
        if (e.url) created.url = *e.url;
        if (e.types) created.types = *e.types;
        if (e.legacy_headers) created.legacy_headers = *e.legacy_headers;
        created.legacy_signature_header =
            e.legacy_signature_header.after(created.legacy_signature_header);
    }
};

}  // namespace

std::optional<Endpoint> load_endpoint(
    store::EventStore& store, const TenantId& tenant, const events::EndpointId& id
) {
    constexpr std::size_t page = 100;
    const StreamName stream("endpoint-" + id.str());
    Facts facts;
    Version next = 1;
    for (bool more = true; more;) {
        const auto events =
            store.read_stream(tenant, stream, next, page, store::Direction::forwards);
        for (const auto& recorded : events) {
            if (const auto event = events::decode<events::EndpointEvent>(recorded))
                facts.apply(*event, recorded);
        }
        next += events.size();
        more = events.size() == page;
    }
    if (facts.start == 0) return std::nullopt;
    Endpoint endpoint{
        .tenant = tenant,
        .id = id,
        .url = facts.created.url,
        .types = facts.created.types,
        .all_types = std::ranges::find(facts.created.types, "*") != facts.created.types.end(),
        .legacy_header = {},
        .people = facts.created.people,
        .enabled = facts.enabled,
        .deleted = facts.deleted,
        .secret_number = facts.secret_number,
        .secret_since = facts.secret_since,
        .start = facts.start
    };
    if (facts.created.legacy_headers)
        endpoint.legacy_header =
            facts.created.legacy_signature_header.value_or(std::string(usual_legacy_header));
    return endpoint;
}

}  // namespace vitrine::deliveries
