#include "api/http/openapi.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

#include "api/http/examples.hpp"
#include "api/http/route_problems.hpp"
#include "commands/problem.hpp"
#include "events/catalogue.hpp"

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

/// As those read it who make clients of it: an object without named members takes any, and a member
/// with a default need not be given, which is told in words.
Json for_clients(Json schema) {
    if (!schema.is_structured()) return schema;
    if (schema.is_object() && schema.contains("type")) {
        if (schema["type"] == "object" && !schema.contains("properties") &&
            !schema.contains("additionalProperties") && !schema.contains("maxProperties"))
            schema["additionalProperties"] = true;
        if (const auto otherwise = schema.find("default"); otherwise != schema.end()) {
            auto words = schema.value("description", "");
            words += (words.empty() ? "" : "; ") + otherwise->dump() + " unless told";
            schema.erase("default");
            schema["description"] = std::move(words);
        }
    }
    for (auto& child : schema) child = for_clients(std::move(child));
    return schema;
}

/// Those that a command may be given.
Json currencies() {
    for (const auto& command : commands::definitions()) {
        const auto members = Json::parse(command.schema).value("properties", Json::object());
        if (members.contains("currency")) return members["currency"].value("enum", Json::array());
    }
    return Json::array();
}

/// Of what is answered: an adopted offer, or an order, is in the currency that the platform says.
Json with_currencies(Json schema, const Json& known) {
    if (!schema.is_structured()) return schema;
    for (auto& child : schema) child = with_currencies(std::move(child), known);
    if (!schema.is_object() || !schema.contains("properties")) return schema;
    auto& members = schema["properties"];
    if (const auto currency = members.find("currency"); currency != members.end()) {
        (*currency)["description"] =
            "ISO 4217. What was made here is in one of the examples; what was adopted, and orders, "
            "in whichever the platform says.";
        (*currency)["examples"] = known;
    }
    return schema;
}

Json schema_of(std::string_view text) {
    auto schema = Json::parse(text);
    schema.erase("$id");
    return for_clients(std::move(schema));
}

Json response(std::string_view description, std::string_view content, Json schema) {
    Json json;
    json["description"] = description;
    json["content"][std::string(content)]["schema"] = std::move(schema);
    return json;
}

Json headers_of(std::initializer_list<const char*> names) {
    Json json;
    for (const auto* name : names) json[name] = reference("headers", name);
    return json;
}

void add_members(Json& schema, const Json& more) {
    schema["properties"].update(more.at("properties"));
    for (const auto& name : more.at("required")) schema["required"].push_back(name);
}

std::string id_name(const commands::Entity& entity) {
    return std::string(entity.name) + "_id";
}

/// What a command answers once it is done: the members that it always has are required.
Json done_schema_of(const commands::Definition& command) {
    const auto id = id_name(command.entity);
    const auto whole = Json::object({{"type", "integer"}, {"minimum", 1}});
    Json json;
    json["type"] = "object";
    auto& members = json["properties"];
    members["command_id"] = Json::object({{"type", "string"}, {"format", "uuid"}});
    members[id] = text_schema();
    if (command.entity.is_id == is_uuid) members[id]["format"] = "uuid";
    members["version"] = whole;
    members["position"] = whole;
    auto& required = json["required"] = Json::array({"command_id", id, "version"});
    // A change that changes nothing appends nothing.
    if (command.method != "PATCH" && command.method != "PUT") required.push_back("position");
    const auto* own = done_schema(command.entity.name);
    if (own == nullptr) return json;
    add_members(json, *own);
    if (command.creates && own->contains("created")) add_members(json, own->at("created"));
    return json;
}

std::string done_name(const Route& route) {
    return std::string(route.name) + "Done";
}

Json command_responses(const Route& route) {
    Json json = Json::object();
    auto done = response("Done.", "application/json", reference("schemas", done_name(route)));
    done["headers"] =
        headers_of({"ETag", "X-Vitrine-Position", "Location", "Idempotency-Replayed"});
    auto& content = done["content"]["application/json"];
    if (const auto* example = example_of(route.name, "answer")) content["example"] = *example;
    const Json dry = reference("schemas", "DryRunAnswer");
    if (route.command->creates) {
        json["200"] = response("What would be done, with dry_run.", "application/json", dry);
        if (route.command->handler.owner_of != nullptr) {
            json["200"] = done;
            json["200"]["description"] = "Done, of what was there already.";
            auto& known = json["200"]["content"]["application/json"];
            known.erase("example");
            known["schema"] = Json::object({{"anyOf", Json::array({known["schema"], dry})}});
        }
        json["201"] = std::move(done);
    } else {
        content["schema"] = Json::object({{"anyOf", Json::array({content["schema"], dry})}});
        json["200"] = std::move(done);
    }
    json["202"] = response(
        "Still running at the deadline; Location tells where its status is.",
        "application/json",
        reference("schemas", "CommandRunning")
    );
    json["202"]["headers"] = headers_of({"Location"});
    return json;
}

/// A response that several routes share is described once, by its status and problems.
std::string problem_response_name(int status, const std::vector<std::string_view>& names) {
    auto name = std::to_string(status);
    for (const auto each : names) name.append(".").append(each);
    return name;
}

Json problem_response(int status, const std::vector<std::string_view>& names) {
    std::string titles;
    Json examples;
    for (const auto each : names) {
        const auto& type = commands::problem_type(each);
        titles.append(titles.empty() ? "" : ". ").append(type.title.english);
        Json example;
        example["type"] = "/problems/" + std::string(each);
        example["title"] = type.title.english;
        example["status"] = status;
        example["detail"] = type.help.english;
        if (each == "validation-failed") example = problem_example();
        examples[std::string(each)]["value"] = std::move(example);
    }
    auto json = response(titles + '.', "application/problem+json", reference("schemas", "Problem"));
    json["content"]["application/problem+json"]["examples"] = std::move(examples);
    if (status == 401) json["headers"] = headers_of({"WWW-Authenticate"});
    if (status == 409 || status == 429 || status >= 502)
        json["headers"] = headers_of({"Retry-After"});
    return json;
}

/// Those of all routes, by name.
Json problem_responses(std::span<const Route> routes) {
    Json json;
    for (const auto& route : routes) {
        for (const auto& [status, names] : problems_of(route))
            json[problem_response_name(status, names)] = problem_response(status, names);
    }
    return json;
}

Json query_responses(const Route& route) {
    const auto* schema = answer_schema(route.name);
    const bool is_json = route.content == "application/json";
    auto answer = response(
        "The answer.",
        route.content,
        schema != nullptr ? with_currencies(for_clients(*schema), currencies())
                          : (is_json ? Json::object() : text_schema())
    );
    if (const auto* example = example_of(route.name, "answer"))
        answer["content"]["application/json"]["example"] = *example;
    Json json = Json::object();
    for (const auto other : route.other_contents) {
        answer["content"][std::string(other)]["schema"] =
            other == "application/json" ? Json::object({{"type", "object"}}) : text_schema();
    }
    if (route.streams) answer["content"]["text/event-stream"]["schema"] = text_schema();
    if (route.access != Access::open) answer["headers"] = headers_of({"X-Vitrine-Position"});
    if (route.has_version) answer["headers"]["ETag"] = reference("headers", "ETag");
    // Also without an ETag: If-None-Match: * asks whether it is there.
    if (route.method == "GET")
        json["304"] = Json::object({{"description", "What If-None-Match names is still so."}});
    if (route.tells_unready) {
        json["503"] = answer;
        json["503"]["description"] = "Not ready, and why.";
    }
    json["200"] = std::move(answer);
    return json;
}

Json responses_of(const Route& route) {
    auto json = route.command ? command_responses(route) : query_responses(route);
    for (const auto& [status, names] : problems_of(route)) {
        auto& place = json[std::to_string(status)];
        if (place.is_null()) {
            place = reference("responses", problem_response_name(status, names));
        } else {  // the route's own answer with that status
            place["content"].update(problem_response(status, names)["content"]);
        }
    }
    return json;
}

Json parameters_of(const Route& route) {
    Json json = Json::array();
    for (const auto& name : captures_of(route.pattern))
        json.push_back(parameter(name, "path", "", text_schema(), true));
    for (const auto& known : route.parameters) {
        auto schema = Json::object({{"type", known.type}});
        if (!known.values.empty()) schema["enum"] = known.values;
        json.push_back(parameter(known.name, "query", known.help, std::move(schema), known.required)
        );
    }
    if (!route.models.empty()) json.push_back(reference("parameters", "AtLeast"));
    if (route.command) {
        for (const auto* name : {"IdempotencyKey", "IfMatch"})
            json.push_back(reference("parameters", name));
    }
    if (route.command || route.has_version) json.push_back(reference("parameters", "IfNoneMatch"));
    if (route.has_version) json.push_back(reference("parameters", "IfMatch"));
    if (route.streams) json.push_back(reference("parameters", "LastEventId"));
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
        const auto schema = schema_of(route.command->schema);
        if (schema.contains("description")) json["summary"] = schema["description"];
        auto& body = json["requestBody"];
        body["required"] = route.needs_body;
        auto& content = body["content"]["application/json"];
        content["schema"] = reference("schemas", route.name);
        if (const auto* example = example_of(route.name, "request")) content["example"] = *example;
    }
    const bool is_asked_by_body = !route.body_schema.empty();
    if ((route.needs_body || is_asked_by_body) && !route.command) {
        auto& body = json["requestBody"];
        body["required"] = route.needs_body;
        auto& content = body["content"]["application/json"];
        content["schema"] =
            is_asked_by_body ? for_clients(Json::parse(route.body_schema))
                             : Json::object({{"type", "object"}, {"additionalProperties", true}});
        if (const auto* example = example_of(route.name, "request")) content["example"] = *example;
    }
    if (route.method != "GET" && !route.needs_body && !is_asked_by_body && !route.command) {
        auto& schema = json["requestBody"]["content"]["application/json"]["schema"];
        schema["type"] = "object";
        schema["maxProperties"] = 0;
        schema["description"] = "None is needed.";
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
        "If-Match",
        "header",
        "Versions in quotes, or *: 412 unless the present one is among them.",
        text_schema(),
        false
    );
    json["IfNoneMatch"] = parameter(
        "If-None-Match",
        "header",
        "ETags that are known, or *: what is still one of them is answered with 304, a command on "
        "it with 412.",
        text_schema(),
        false
    );
    json["LastEventId"] = parameter(
        "Last-Event-ID",
        "header",
        "The last position seen of a stream (text/event-stream), which goes on after it; goes "
        "before from.",
        {{"type", "integer"}, {"minimum", 0}},
        false
    );
    json["CorrelationId"] = parameter(
        "X-Correlation-Id",
        "header",
        "Comes back, and stands in the events and in the log; one is made when none comes.",
        {{"type", "string"}, {"maxLength", 200}},
        false
    );
    json["Traceparent"] =
        parameter("traceparent", "header", "W3C trace context.", text_schema(), false);
    return json;
}

Json shared_headers() {
    Json json;
    const auto add = [&json](const char* name, const char* description) {
        json[name] = {{"description", description}, {"schema", text_schema()}};
    };
    add("ETag",
        "The version, of a file a mark, in quotes: for If-Match and If-None-Match. Of an offer "
        "whose products have told names or prices since, their position after a point.");
    add("X-Vitrine-Position", "Position of the log that the answer includes: for at_least.");
    add("Location", "Where what was made, or the running command, is found.");
    add("Idempotency-Replayed", "true: the answer of the first request with this key.");
    add("Retry-After", "Seconds to wait before the request is sent again.");
    add("WWW-Authenticate", "What is asked for: a bearer key.");
    return json;
}

constexpr const char* shared_schemas = R"({
  "CommandRunning": {
    "type": "object",
    "required": ["command_id", "status"],
    "properties": {
      "command_id": {"type": "string", "format": "uuid"},
      "status": {"const": "running"}
    }
  },
  "DryRunAnswer": {
    "type": "object",
    "required": ["dry_run", "command", "events"],
    "properties": {
      "dry_run": {"const": true},
      "command": {"type": "string"},
      "events": {"type": "array", "items": {"type": "object"}}
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
      "checkout_id": {"type": "string"},
      "code": {"type": "string"},
      "retryable": {"type": "boolean"},
      "command_id": {"type": "string"},
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
        {"description", "Offers on Clubify: commands, events, read models."},
        {"license", {{"name", "All rights reserved"}, {"url", "/docs"}}}
    };
    json["servers"] = Json::array({Json::object({{"url", "/"}})});
    json["security"] = Json::array({Json::object({{"apiKey", Json::array()}})});
    auto schemas = Json::parse(shared_schemas);
    for (const auto& route : routes) {
        auto method = std::string(route.method);
        for (auto& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        json["paths"][std::string(route.pattern)][method] = operation_of(route);
        if (!route.command) continue;
        schemas[std::string(route.name)] = schema_of(route.command->schema);
        schemas[done_name(route)] = done_schema_of(*route.command);
    }
    for (const auto& [name, schema] : shared_answer_schemas().items())
        schemas[name] = with_currencies(for_clients(schema), currencies());
    auto& dry_members = schemas["DryRunAnswer"]["properties"];
    for (const auto& command : commands::definitions())
        dry_members[id_name(command.entity)] = text_schema();
    auto& command_names = schemas["Command"]["properties"]["name"]["enum"];
    for (const auto& command : commands::definitions()) command_names.push_back(command.name);
    for (const auto& name : further_commands()) command_names.push_back(name);
    auto& event_types = schemas["CloudEvent"]["properties"]["type"]["enum"];
    for (const auto& type : events::catalogue()) {
        if (!events::is_operator_category(type.category)) event_types.push_back(type.name);
    }
    auto& types = schemas["Problem"]["properties"]["type"]["enum"];
    for (const auto& type : commands::problem_types())
        types.push_back("/problems/" + std::string(type.name));
    auto& components = json["components"];
    components["schemas"] = std::move(schemas);
    components["parameters"] = shared_parameters();
    components["headers"] = shared_headers();
    components["responses"] = problem_responses(routes);
    components["securitySchemes"]["apiKey"] = {{"type", "http"}, {"scheme", "bearer"}};
    return json.dump();
}

}  // namespace vitrine::api
