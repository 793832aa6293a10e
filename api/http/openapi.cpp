#include "api/http/openapi.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& kind, std::string_view name) {
    Json json;
    json["$ref"] = "#/components/" + kind + "/" + std::string(name);
    return json;
}

Json text_schema() {
    return Json::object({{"type", "string"}});
}

Json parameter(
    std::string_view name, const char* in, std::string_view help, Json schema, bool required
) {
    Json json;
    json["name"] = name;
    json["in"] = in;
    if (required) json["required"] = true;
    if (!help.empty()) json["description"] = help;
    json["schema"] = std::move(schema);
    return json;
}

/// The names in braces of a pattern.
std::vector<std::string> captures_of(std::string_view pattern) {
    std::vector<std::string> names;
    for (auto open = pattern.find('{'); open != std::string_view::npos;
         open = pattern.find('{', open + 1)) {
        names.emplace_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
    }
    return names;
}

Json schema_of(const commands::Definition& definition) {
    auto schema = Json::parse(definition.schema);
    schema.erase("$id");
    return schema;
}

bool needs_body(const Json& schema) {
    return schema.contains("required") && !schema["required"].empty();
}

Json response(std::string_view description, std::string_view content, Json schema) {
    Json json;
    json["description"] = description;
    json["content"][std::string(content)]["schema"] = std::move(schema);
    return json;
}

Json responses_of(const Route& route) {
    Json json = Json::object();
    if (route.command) {
        json[route.command->creates ? "201" : "200"] =
            response("Done.", "application/json", reference("schemas", "CommandAnswer"));
        json["202"] = response(
            "Still running at the deadline.",
            "application/json",
            reference("schemas", "CommandAnswer")
        );
    } else {
        json["200"] = response(
            "The answer.",
            route.content,
            route.content == "application/json" ? Json::object() : text_schema()
        );
    }
    if (route.access != Access::open) json["default"] = reference("responses", "Problem");
    return json;
}

Json parameters_of(const Route& route) {
    Json json = Json::array();
    for (const auto& name : captures_of(route.pattern))
        json.push_back(parameter(name, "path", "", text_schema(), true));
    for (const auto& known : route.parameters) {
        json.push_back(parameter(known.name, "query", known.help, text_schema(), false));
    }
    if (!route.models.empty()) json.push_back(reference("parameters", "AtLeast"));
    if (route.command) {
        for (const auto* name : {"IdempotencyKey", "IfMatch"})
            json.push_back(reference("parameters", name));
    }
    if (route.access != Access::open) {
        for (const auto* name : {"CorrelationId", "Traceparent"})
            json.push_back(reference("parameters", name));
    }
    return json;
}

std::string tag_of(std::string_view pattern) {
    constexpr std::string_view version = "/v1/";
    if (!pattern.starts_with(version)) return "operations";
    const auto rest = pattern.substr(version.size());
    return std::string(rest.substr(0, rest.find('/')));
}

Json operation_of(const Route& route) {
    Json json;
    json["operationId"] = route.name;
    json["tags"] = Json::array({tag_of(route.pattern)});
    json["summary"] = route.help;
    if (auto parameters = parameters_of(route); !parameters.empty())
        json["parameters"] = std::move(parameters);
    if (route.command) {
        const auto schema = schema_of(*route.command);
        if (schema.contains("description")) json["summary"] = schema["description"];
        auto& body = json["requestBody"];
        body["required"] = needs_body(schema);
        body["content"]["application/json"]["schema"] = reference("schemas", route.name);
    }
    json["responses"] = responses_of(route);
    if (route.access == Access::open) json["security"] = Json::array();
    return json;
}

Json shared_parameters() {
    Json json;
    json["AtLeast"] = parameter(
        "at_least",
        "query",
        "Waits, at most 2 s, until the read model has the events up to this position.",
        {{"type", "integer"}, {"minimum", 0}},
        false
    );
    json["IdempotencyKey"] = parameter(
        "Idempotency-Key",
        "header",
        "The same key and request get the same answer, and happen once.",
        {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}},
        false
    );
    json["IfMatch"] = parameter(
        "If-Match", "header", "The expected version, in quotes, or *.", text_schema(), false
    );
    json["CorrelationId"] = parameter(
        "X-Correlation-Id",
        "header",
        "Comes back, and stands in the events.",
        {{"type", "string"}, {"maxLength", 200}},
        false
    );
    json["Traceparent"] =
        parameter("traceparent", "header", "W3C trace context.", text_schema(), false);
    return json;
}

constexpr const char* shared_schemas = R"({
  "CommandAnswer": {
    "type": "object",
    "required": ["command_id", "status"],
    "properties": {
      "command_id": {"type": "string", "format": "uuid"},
      "offer_id": {"type": "string", "format": "uuid"},
      "product_id": {"type": "string", "format": "uuid"},
      "version": {"type": "integer", "minimum": 1},
      "position": {"type": "integer", "minimum": 1},
      "status": {"type": "string"}
    }
  },
  "Problem": {
    "description": "RFC 9457; the type leads to a page that says what to do.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
      "type": {"type": "string"},
      "title": {"type": "string"},
      "status": {"type": "integer"},
      "detail": {"type": "string"},
      "instance": {"type": "string"},
      "current_version": {"type": "integer"},
      "errors": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["pointer", "code", "detail"],
          "properties": {
            "pointer": {"type": "string"},
            "code": {"type": "string"},
            "detail": {"type": "string"}
          }
        }
      }
    }
  }
})";

}  // namespace

std::string openapi_document(std::span<const Route> routes) {
    Json json;
    json["openapi"] = "3.1.0";
    json["info"] = {
        {"title", "Vitrine"},
        {"version", "1"},
        {"description", "Offers on Clubify: commands, events, read models."}
    };
    json["security"] = Json::array({Json::object({{"apiKey", Json::array()}})});
    auto schemas = Json::parse(shared_schemas);
    for (const auto& route : routes) {
        auto method = std::string(route.method);
        for (auto& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        json["paths"][std::string(route.pattern)][method] = operation_of(route);
        if (route.command) schemas[std::string(route.name)] = schema_of(*route.command);
    }
    auto& components = json["components"];
    components["schemas"] = std::move(schemas);
    components["parameters"] = shared_parameters();
    components["responses"]["Problem"] =
        response("Refused or failed.", "application/problem+json", reference("schemas", "Problem"));
    components["securitySchemes"]["apiKey"] = {{"type", "http"}, {"scheme", "bearer"}};
    return json.dump();
}

}  // namespace vitrine::api
