// How the engine gets at the commands on endpoints. All are local; the secrets are no part of them
// (commands/endpoints/secrets.hpp).
#include "commands/areas.hpp"
#include "commands/endpoints/endpoint.hpp"
#include "commands/engine/handler.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

constexpr Entity endpoint_entity{
    .name = "endpoint",
    .collection = "/v1/webhook-endpoints",
    .this_one = {"webhook endpoint", "este endpoint de webhook"}
};

std::optional<std::vector<std::string>> types_member(const Json& body) {
    const auto found = body.find("types");
    if (found == body.end() || !found->is_array()) return std::nullopt;
    std::vector<std::string> types;
    for (const auto& each : *found)
        types.push_back(each.is_string() ? each.get<std::string>() : std::string());
    return types;
}

JsonText answer_of(std::string_view status, std::int64_t secret_number) {
    Json json;
    json["status"] = status;
    if (secret_number != 0) json["secret_number"] = secret_number;
    return JsonText(json.dump());
}

/// What all do that change one which is there.
struct OfOneThatIs {
    template <class Command>
    static EndpointState load(const Preparation& from, const Command&) {
        return load_endpoint(from.store, from.tenant, events::EndpointId(from.entity_id));
    }
};

struct CreateEndpointHandling {
    static CreateEndpoint parse(const Preparation& from) {
        return {
            .url = text_member(from.body, "url").value_or(""),
            .types = types_member(from.body).value_or(std::vector<std::string>()),
            .description = text_member(from.body, "description"),
            .legacy_headers = bool_member(from.body, "legacy_headers").value_or(false),
            .legacy_signature_header = text_member(from.body, "legacy_signature_header"),
            .people = bool_member(from.body, "people").value_or(false)
        };
    }

    static EndpointState load(const Preparation& from, const CreateEndpoint&) {
        EndpointState state;
        state.facts.endpoint_id = events::EndpointId(from.entity_id);
        return state;
    }

    static EndpointDecision decide(
        const CreateEndpoint& command, const EndpointState& state, const Preparation& from
    ) {
        return commands::decide(command, state, from.facts.receivers());
    }

    static JsonText answer(const CreateEndpoint&, const EndpointState&, const Preparation&) {
        return answer_of("enabled", 1);
    }
};

struct EditEndpointHandling : OfOneThatIs {
    static EditEndpoint parse(const Preparation& from) {
        return {
            .url = text_member(from.body, "url"),
            .types = types_member(from.body),
            .description = text_edit(from.body, "description"),
            .legacy_headers = bool_member(from.body, "legacy_headers"),
            .legacy_signature_header = text_edit(from.body, "legacy_signature_header"),
            .enabled = bool_member(from.body, "enabled"),
            .reason = text_member(from.body, "reason")
        };
    }

    static EndpointDecision decide(
        const EditEndpoint& command, const EndpointState& state, const Preparation& from
    ) {
        return commands::decide(command, state, from.facts.receivers());
    }

    static JsonText
    answer(const EditEndpoint& command, const EndpointState& state, const Preparation&) {
        return answer_of(command.enabled.value_or(state.enabled) ? "enabled" : "disabled", 0);
    }
};

struct RotateHandling : OfOneThatIs {
    static RotateEndpointSecret parse(const Preparation&) { return {}; }

    static EndpointDecision
    decide(const RotateEndpointSecret& command, const EndpointState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText
    answer(const RotateEndpointSecret&, const EndpointState& state, const Preparation&) {
        return answer_of(state.enabled ? "enabled" : "disabled", state.secret_number + 1);
    }
};

struct ReplayHandling : OfOneThatIs {
    static ReplayToEndpoint parse(const Preparation& from) {
        return {
            .from = integer_member(from.body, "from").value_or(0),
            .to = integer_member(from.body, "to")
        };
    }

    static EndpointDecision
    decide(const ReplayToEndpoint& command, const EndpointState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText
    answer(const ReplayToEndpoint& command, const EndpointState& state, const Preparation&) {
        Json json;
        json["status"] = state.enabled ? "enabled" : "disabled";
        json["from"] = command.from;
        if (command.to) json["to"] = *command.to;
        return JsonText(json.dump());
    }
};

struct DeleteEndpointHandling : OfOneThatIs {
    static DeleteEndpoint parse(const Preparation&) { return {}; }

    static EndpointDecision
    decide(const DeleteEndpoint& command, const EndpointState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(const DeleteEndpoint&, const EndpointState&, const Preparation&) {
        return answer_of("deleted", 0);
    }
};

}  // namespace

std::span<const Definition> endpoint_commands() {
    static const Definition table[] = {
        {.name = "CreateEndpoint",
         .method = "POST",
         .route = "/v1/webhook-endpoints",
         .entity = endpoint_entity,
         .creates = true,
         .needs_admin = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "create_endpoint.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<CreateEndpointHandling>},
        {.name = "EditEndpoint",
         .method = "PATCH",
         .route = "/v1/webhook-endpoints/{id}",
         .entity = endpoint_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "edit_endpoint.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<EditEndpointHandling>},
        {.name = "DeleteEndpoint",
         .method = "DELETE",
         .route = "/v1/webhook-endpoints/{id}",
         .entity = endpoint_entity,
         .needs_admin = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "delete_endpoint.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DeleteEndpointHandling>},
        {.name = "RotateEndpointSecret",
         .method = "POST",
         .route = "/v1/webhook-endpoints/{id}/rotate",
         .entity = endpoint_entity,
         .needs_admin = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "rotate_endpoint_secret.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<RotateHandling>},
        {.name = "ReplayToEndpoint",
         .method = "POST",
         .route = "/v1/webhook-endpoints/{id}/replay",
         .entity = endpoint_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "replay_to_endpoint.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<ReplayHandling>},
    };
    return table;
}

}  // namespace vitrine::commands
