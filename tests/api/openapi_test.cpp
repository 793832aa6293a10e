#include "api/http/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "api/http/pages.hpp"
#include "commands/problem.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;
using Json = nlohmann::json;

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
    return result;
}

/// Every "$ref" below a value.
void collect_references(const Json& json, std::vector<std::string>& found) {
    if (json.is_object() && json.contains("$ref")) found.push_back(json["$ref"]);
    if (!json.is_structured()) return;
    for (const auto& child : json) collect_references(child, found);
}

}  // namespace

TEST_CASE("the OpenAPI document has every route, and its parameters") {
    const auto document = Json::parse(openapi_document(routes()));
    CHECK(document["openapi"] == "3.1.0");
    for (const auto& route : routes()) {
        CAPTURE(route.method, route.pattern);
        const auto& operation = document["paths"][std::string(route.pattern)][lower(route.method)];
        CHECK(operation["operationId"] == route.name);
        CHECK_FALSE(operation["summary"].get<std::string>().empty());
        for (const auto& parameter : route.parameters) {
            CHECK(std::ranges::any_of(operation["parameters"], [&](const Json& listed) {
                return listed.value("name", "") == parameter.name;
            }));
        }
        CHECK(operation.contains("security") == (route.access == Access::open));
    }
}

TEST_CASE("the OpenAPI document says what every answer in JSON looks like") {
    const auto document = Json::parse(openapi_document(routes()));
    for (const auto& route : routes()) {
        if (route.content != "application/json" || route.name == "OpenApi") continue;
        CAPTURE(route.name);
        const auto& operation = document["paths"][std::string(route.pattern)][lower(route.method)];
        const auto done = operation["responses"].contains("201") ? "201" : "200";
        const auto& content = operation["responses"][done]["content"]["application/json"];
        CHECK_FALSE(content["schema"].empty());
    }
}

TEST_CASE("the OpenAPI document has the header fields that routes go by, and one type of limit") {
    const auto document = Json::parse(openapi_document(routes()));
    for (const auto& route : routes()) {
        CAPTURE(route.name);
        const auto& operation = document["paths"][std::string(route.pattern)][lower(route.method)];
        const auto has = [&](const char* name) {
            const auto wanted = "#/components/parameters/" + std::string(name);
            return operation.contains("parameters") &&
                   std::ranges::any_of(operation["parameters"], [&](const Json& listed) {
                       return listed.value("$ref", "") == wanted;
                   });
        };
        const bool has_version = operation["responses"].contains("304");
        CHECK(has("IfNoneMatch") == (has_version || route.command != nullptr));
        CHECK(has("IfMatch") == has("IfNoneMatch"));
        CHECK(has("LastEventId") == (route.name == "EventFeed"));
        for (const auto& parameter : route.parameters) {
            if (parameter.name == "limit") CHECK(parameter.type == "integer");
        }
    }
    CHECK(document["components"]["parameters"]["IfNoneMatch"]["name"] == "If-None-Match");
    CHECK(document["components"]["parameters"]["LastEventId"]["name"] == "Last-Event-ID");
}

TEST_CASE("the OpenAPI document has the schemas that validate the commands") {
    const auto document = Json::parse(openapi_document(routes()));
    for (const auto& definition : commands::definitions()) {
        CAPTURE(definition.name);
        auto schema = Json::parse(definition.schema);
        schema.erase("$id");
        CHECK(document["components"]["schemas"][std::string(definition.name)] == schema);
        const auto& operation =
            document["paths"][std::string(definition.route)][lower(definition.method)];
        CHECK(operation["requestBody"]["required"] == schema.contains("required"));
        CHECK(operation["responses"].contains(definition.creates ? "201" : "200"));
    }
}

TEST_CASE("every reference of the OpenAPI document leads somewhere") {
    const auto document = Json::parse(openapi_document(routes()));
    std::vector<std::string> references;
    collect_references(document, references);
    CHECK_FALSE(references.empty());
    for (const auto& reference : references) {
        CAPTURE(reference);
        REQUIRE(reference.starts_with("#"));
        CHECK(document.contains(Json::json_pointer(reference.substr(1))));
    }
}

TEST_CASE("the page of documentation names every route") {
    const auto page = docs_page();
    for (const auto& route : routes()) {
        CHECK(
            page.find(
                "<code>" + std::string(route.method) + " " + std::string(route.pattern) + "</code>"
            ) != std::string::npos
        );
    }
}

TEST_CASE("every problem type has a page, and what is none has none") {
    for (const auto language : {Language::english, Language::portuguese}) {
        for (const auto& type : commands::problem_types()) {
            CHECK(problem_page(type.name, language).find(type.name) != std::string::npos);
            CHECK(
                problems_page(language).find("/problems/" + std::string(type.name)) !=
                std::string::npos
            );
        }
        CHECK(problem_page("nonsense", language).empty());
        CHECK(problem_page("", language).empty());
    }
}

TEST_CASE("a problem's page speaks the reader's language and says every status that it comes with"
) {
    for (const auto& type : commands::problem_types()) {
        CAPTURE(type.name);
        const auto page = problem_page(type.name, Language::portuguese);
        CHECK(page.find("lang=\"pt-BR\"") != std::string::npos);
        CHECK(page.find(type.title.portuguese) != std::string::npos);
        for (const auto status : type.statuses) {
            if (status == 0) continue;
            CHECK(page.find(std::to_string(status)) != std::string::npos);
        }
    }
    const auto page = problem_page("clubify-unavailable", Language::english);
    CHECK(page.find("502, 503 or 504") != std::string::npos);
}
