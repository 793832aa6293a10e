#include "commands/endpoints/endpoint.hpp"

#include <algorithm>

#include "commands/engine/load.hpp"
#include "core/overloaded.hpp"
#include "events/catalogue.hpp"

namespace vitrine::commands {
namespace {

constexpr std::string_view all_types = "*";

/// Of the events of a tenant's own log; what the operator does stands in another.
bool is_event_type(std::string_view name) {
    return std::ranges::any_of(events::catalogue(), [name](const auto& type) {
        return type.name == name && type.category != "tenant" && type.category != "keys";
    });
}

void check_url(const std::string& url, Receivers receivers, std::vector<Fault>& faults) {
    if (const auto target = webhooks_out::parse_target(url, receivers); !target)
        faults.push_back({"/url", "bad_url", target.error()});
}

void check_types(const std::vector<std::string>& types, std::vector<Fault>& faults) {
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto pointer = "/types/" + std::to_string(i);
        const auto here = types.begin() + static_cast<std::ptrdiff_t>(i);
        if (types[i] == all_types) {
            if (types.size() != 1)
                faults.push_back({pointer, "not_alone", {"* stands alone", "* aparece sozinho"}});
        } else if (std::find(types.begin(), here, types[i]) != here) {
            faults.push_back({pointer, "duplicate", {"stands here already", "já está nesta lista"}}
            );
        } else if (!is_event_type(types[i])) {
            faults.push_back(
                {pointer,
                 "unknown_type",
                 {"there is no such type of events; * stands for all",
                  "este tipo de evento não existe; * vale para todos"}}
            );
        }
    }
}

Rejection no_endpoint() {
    return {"not-found", {"There is no such endpoint.", "Este endpoint não existe."}, {}};
}

events::EndpointChanged change_of(const EditEndpoint& command, const EndpointState& state) {
    const auto& now = state.facts;
    events::EndpointChanged changed;
    changed.endpoint_id = now.endpoint_id;
    if (command.url && *command.url != now.url) changed.url = command.url;
    if (command.types && *command.types != now.types) changed.types = command.types;
    if (command.description.after(now.description) != now.description)
        changed.description = command.description;
    if (command.legacy_headers && *command.legacy_headers != now.legacy_headers)
        changed.legacy_headers = command.legacy_headers;
    if (command.legacy_signature_header.after(now.legacy_signature_header) !=
        now.legacy_signature_header)
        changed.legacy_signature_header = command.legacy_signature_header;
    return changed;
}

}  // namespace

EndpointDecision decide(
    const CreateEndpoint& command, const EndpointState& state, Receivers receivers
) {
    std::vector<Fault> faults;
    check_url(command.url, receivers, faults);
    check_types(command.types, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    return EndpointEvents{events::EndpointCreated{
        .endpoint_id = state.facts.endpoint_id,
        .url = command.url,
        .types = command.types,
        .description = command.description,
        .legacy_headers = command.legacy_headers,
        .legacy_signature_header = command.legacy_signature_header,
        .people = command.people
    }};
}

EndpointDecision decide(
    const EditEndpoint& command, const EndpointState& state, Receivers receivers
) {
    if (state.deleted) return std::unexpected(no_endpoint());
    std::vector<Fault> faults;
    if (command.url) check_url(*command.url, receivers, faults);
    if (command.types) check_types(*command.types, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    const auto& id = state.facts.endpoint_id;
    EndpointEvents events;
    events::EndpointChanged nothing;
    nothing.endpoint_id = id;
    if (auto changed = change_of(command, state); changed != nothing)
        events.emplace_back(std::move(changed));
    if (command.enabled && *command.enabled != state.enabled) {
        if (*command.enabled) {
            events.emplace_back(events::EndpointEnabled{id});
        } else {
            events.emplace_back(events::EndpointDisabled{id, command.reason});
        }
    }
    return events;
}

EndpointDecision decide(const RotateEndpointSecret&, const EndpointState& state) {
    if (state.deleted) return std::unexpected(no_endpoint());
    return EndpointEvents{
        events::EndpointSecretRotated{state.facts.endpoint_id, state.secret_number + 1}
    };
}

EndpointDecision decide(const ReplayToEndpoint& command, const EndpointState& state) {
    if (state.deleted) return std::unexpected(no_endpoint());
    if (command.to && *command.to < command.from) {
        return std::unexpected(
            invalid({{"/to", "before_from", {"is before from", "é antes de from"}}})
        );
    }
    return EndpointEvents{
        events::EndpointReplayAsked{state.facts.endpoint_id, command.from, command.to}
    };
}

EndpointDecision decide(const DeleteEndpoint&, const EndpointState& state) {
    if (state.deleted) return std::unexpected(no_endpoint());
    return EndpointEvents{events::EndpointDeleted{state.facts.endpoint_id}};
}

EndpointState evolve(EndpointState state, const events::EndpointEvent& event) {
    std::visit(
        overloaded{
            [&](const events::EndpointCreated& e) { state.facts = e; },
            [&](const events::EndpointChanged& e) {
                auto& facts = state.facts;
                facts.url = e.url.value_or(facts.url);
                facts.types = e.types.value_or(facts.types);
                facts.description = e.description.after(facts.description);
                facts.legacy_headers = e.legacy_headers.value_or(facts.legacy_headers);
                facts.legacy_signature_header =
                    e.legacy_signature_header.after(facts.legacy_signature_header);
            },
            [&](const events::EndpointDisabled&) { state.enabled = false; },
            [&](const events::EndpointEnabled&) { state.enabled = true; },
            [&](const events::EndpointSecretRotated& e) { state.secret_number = e.secret_number; },
            [](const events::EndpointReplayAsked&) {},
            [&](const events::EndpointDeleted&) { state.deleted = true; },
        },
        event
    );
    ++state.version;
    return state;
}

EndpointState load_endpoint(
    store::EventStore& store, const TenantId& tenant, const events::EndpointId& id
) {
    EndpointState state;
    const StreamName stream("endpoint-" + id.str());
    for_each_event(store, tenant, stream, 1, [&state](const events::RecordedEvent& recorded) {
        if (const auto event = events::decode<events::EndpointEvent>(recorded))
            state = evolve(std::move(state), *event);
    });
    return state;
}

}  // namespace vitrine::commands
