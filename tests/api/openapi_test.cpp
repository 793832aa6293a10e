#include "api/http/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <nlohmann/json.hpp>

#include "api/http/curl_line.hpp"
#include "api/http/docs_page.hpp"
#include "api/http/docs_words.hpp"
#include "api/http/examples.hpp"
#include "api/http/pages.hpp"
#include "api/http/route_problems.hpp"
#include "api/http/samples.hpp"
#include "commands/problem.hpp"
#include "commands/webhooks/delivery.hpp"
#include "events/catalogue.hpp"
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

/// A schema without what does not validate: the words, defaults, and that others may stand beside
/// the members of a free object.
Json without_words(Json schema) {
    if (!schema.is_structured()) return schema;
    if (schema.is_object() && schema.contains("type")) {
        schema.erase("description");
        schema.erase("default");
        if (schema.value("additionalProperties", Json()) == true)
            schema.erase("additionalProperties");
    }
    for (auto& child : schema) child = without_words(child);
    return schema;
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
        CHECK(operation["responses"].contains("304") == (route.method == "GET"));
        CHECK(has("IfNoneMatch") == (route.has_version || route.command != nullptr));
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
        if (definition.route.empty()) continue;  // no way in leads to it
        auto schema = Json::parse(definition.schema);
        schema.erase("$id");
        CHECK(
            without_words(document["components"]["schemas"][std::string(definition.name)]) ==
            without_words(schema)
        );
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

TEST_CASE("every status that a route answers is told, each problem with an example") {
    const auto document = Json::parse(openapi_document(routes()));
    for (const auto& route : routes()) {
        CAPTURE(route.name);
        const auto& operation = document["paths"][std::string(route.pattern)][lower(route.method)];
        for (const auto& [status, response] : operation["responses"].items()) {
            CAPTURE(status);
            CHECK(status.find('X') == std::string::npos);
        }
        for (const auto& [status, names] : problems_of(route)) {
            auto response = operation["responses"][std::to_string(status)];
            if (response.contains("$ref"))
                response =
                    document[Json::json_pointer(response["$ref"].get<std::string>().substr(1))];
            const auto& content = response["content"]["application/problem+json"];
            for (const auto name : names) {
                CAPTURE(name);
                CHECK(content["examples"][std::string(name)]["value"]["status"] == status);
            }
        }
    }
}

TEST_CASE("what a client is made of says which members are there, and what a free object is") {
    const auto document = Json::parse(openapi_document(routes()));
    const auto& schemas = document["components"]["schemas"];
    const auto required = [&](const char* name, const char* member) {
        const auto& list = schemas[name]["required"];
        return std::ranges::find(list, Json(member)) != list.end();
    };
    for (const auto* member : {"command_id", "offer_id", "version", "status", "slug", "position"})
        CHECK(required("CreateOfferDone", member));
    CHECK(required("CreateProductDone", "product_id"));
    CHECK_FALSE(schemas["ActivateOfferDone"]["properties"].contains("slug"));
    CHECK(schemas["CreateProduct"]["properties"]["metadata"]["additionalProperties"] == true);
    CHECK_FALSE(schemas["CreateProduct"]["properties"]["type"].contains("default"));
    CHECK(schemas["CloudEvent"]["properties"]["type"]["enum"].size() > 30);
}

TEST_CASE("every route has an example: what is sent, and what is answered") {
    for (const auto& route : routes()) {
        CAPTURE(route.name);
        if (route.content == "application/json" && route.name != "OpenApi")
            CHECK(example_of(route.name, "answer") != nullptr);
        if (route.needs_body) CHECK(example_of(route.name, "request") != nullptr);
        const auto line = curl_line(route);
        CHECK(line.find("$U") != std::string::npos);
        CHECK(line.find('{') == line.find("{\""));  // nothing of a pattern is left
        CHECK((line.find("$K") != std::string::npos) == (route.access != Access::open));
    }
}

TEST_CASE("a line of curl makes what it needs, so that it works as it stands") {
    const auto line_of = [](std::string_view name) {
        const auto all = routes();
        return curl_line(*std::ranges::find(all, name, &Route::name));
    };
    CHECK(
        line_of("GetOffer") ==
        "ID=$(curl -s \"$U/v1/offers?sort=created_at&limit=1\" -H \"Authorization: Bearer $K\" | "
        "jq -r .items[0].offer_id)\n"
        "curl -s \"$U/v1/offers/$ID\" -H \"Authorization: Bearer $K\""
    );
    const auto remove = line_of("RemoveProductFromOffer");
    CHECK(remove.find("P=$(curl") == 0);
    CHECK(remove.find("curl -s -X DELETE \"$U/v1/offers/$ID/products/$P\"") != std::string::npos);
}

TEST_CASE("every event type has a sample of its payload, and every webhook that is read one") {
    for (const auto& type : events::catalogue()) {
        CAPTURE(type.name);
        CHECK(event_sample(type.name) != nullptr);
    }
    for (const auto& sample : webhook_samples()) {
        const auto delivery = commands::parse_delivery(sample.dump());
        REQUIRE(delivery.has_value());
        CHECK(delivery->order.has_value());
        CHECK(delivery->unclear.empty());
    }
}

TEST_CASE("the page of documentation has every route, event and webhook, and its own index") {
    const auto page = docs_page(GENERATE(Language::english, Language::portuguese));
    const auto has = [&](const std::string& text) { return page.find(text) != std::string::npos; };
    for (const auto& route : routes()) {
        CAPTURE(route.name);
        CHECK(
            has("<code>" + std::string(route.method) + " " + std::string(route.pattern) + "</code>")
        );
        CHECK(has("<a href=\"#" + std::string(route.name) + "\">"));
        CHECK(has("<article id=\"" + std::string(route.name) + "\">"));
    }
    CHECK(has("<article id=\"event-OfferCreated\">"));
    CHECK_FALSE(has("TenantRegistered"));
    CHECK(has("<article id=\"webhook-order.refunded\">"));
    CHECK(find_docs_file("docs.js") != nullptr);
    CHECK(find_docs_file("nonsense") == nullptr);
}

TEST_CASE("whatever the page says of a route is there in both languages") {
    const std::function<void(const Json&)> check = [&](const Json& schema) {
        if (schema.is_object() && schema.contains("description") &&
            schema["description"].is_string()) {
            CAPTURE(schema["description"]);
            CHECK(is_translated(schema["description"].get<std::string>()));
        }
        if (!schema.is_structured()) return;
        for (const auto& child : schema) check(child);
    };
    for (const auto& route : routes()) {
        CAPTURE(route.name, route.help);
        CHECK(is_translated(route.help));
        for (const auto& parameter : route.parameters) {
            CAPTURE(parameter.name);
            CHECK(is_translated(parameter.help));
        }
        if (route.command != nullptr) check(Json::parse(route.command->schema));
        if (!route.body_schema.empty()) check(Json::parse(route.body_schema));
    }
    const auto page = docs_page(Language::portuguese);
    CHECK(page.contains("<html lang=\"pt-BR\">"));
    CHECK(page.contains("As ofertas do tenant, página por página."));
    CHECK(page.contains(commands::problem_type("slug-taken").help.portuguese));
    CHECK(page.contains("href=\"/docs?lang=en\""));
    CHECK(docs_page(Language::english).contains("href=\"/docs?lang=pt\""));
}

TEST_CASE("the members of a body are told with their limits, also those within others") {
    const auto page = docs_page(Language::english);
    const auto row = [](const std::string& name, const std::string& rest) {
        return "<td><code>" + name + "</code>" + rest + "</td>";
    };
    CHECK(page.contains(
        row("name", " <strong>required</strong>") + "<td>string: 2 to 255 characters. "
    ));
    CHECK(page.contains(
        row("products[].quantity", "") + "<td>integer: 1 to 1000000. 1 unless told. </td>"
    ));
    CHECK(page.contains("<td>array: at most 100 entries. </td>"));
    CHECK(page.contains(row("slug", "") + "<td>string: 2 to 100 characters. as ^[a-z0-9]"));
    CHECK(page.contains(
        row("products[].discount.type", " <strong>required</strong>") +
        "<td>string: one of percentage, fixed. </td>"
    ));
    CHECK(docs_page(Language::portuguese)
              .contains(
                  row("name", " <strong>obrigatório</strong>") +
                  "<td>string: de 2 a 255 caracteres. não só espaços"
              ));
}

TEST_CASE("no route is said to answer with a problem that cannot come of it") {
    const auto may = [](std::string_view route, std::string_view problem) {
        const auto all = routes();
        const auto found = std::ranges::find(all, route, &Route::name);
        REQUIRE(found != all.end());
        return std::ranges::any_of(problems_of(*found), [&](const auto& entry) {
            return std::ranges::find(entry.second, problem) != entry.second.end();
        });
    };
    CHECK(may("AddProductToOffer", "product-already-in-offer"));
    CHECK_FALSE(may("CreateProduct", "product-already-in-offer"));
    CHECK_FALSE(may("ChangeProductInOffer", "product-already-in-offer"));
    CHECK(may("ArchiveProduct", "product-in-use"));
    CHECK_FALSE(may("ArchiveOffer", "product-in-use"));
    CHECK_FALSE(may("CreateProduct", "missing-on-clubify"));
    CHECK_FALSE(may("CreateOffer", "not-found"));
    CHECK(may("CreateProduct", "overloaded"));
    CHECK_FALSE(may("GetOffer", "overloaded"));
    CHECK(may("GetCheckoutUrl", "clubify-refused"));
    CHECK_FALSE(may("GetOfferAnalytics", "clubify-unavailable"));
    CHECK_FALSE(may("RetryParkedStream", "clubify-unavailable"));
    CHECK(may("RetryParkedStream", "storage-unavailable"));
    CHECK(may("AdoptCatalogue", "clubify-credentials"));
    CHECK(may("AdoptCatalogue", "command-in-flight"));
    CHECK_FALSE(may("CommandStatus", "not-ready"));
    CHECK(may("ReceiveClubifyWebhook", "disk-full"));
    CHECK_FALSE(may("ReceiveClubifyWebhook", "not-found"));
}

TEST_CASE("what a command is called is one of a list, and currencies are told") {
    const auto document = Json::parse(openapi_document(routes()));
    const auto& schemas = document["components"]["schemas"];
    const auto& names = schemas["Command"]["properties"]["name"]["enum"];
    CHECK(names.size() == commands::definitions().size() + 3);
    for (const auto* adoption : {"AdoptProduct", "AdoptOffer", "AdoptCustomer"})
        CHECK(std::ranges::count(names, Json(adoption)) == 1);
    for (const auto* name : {"Offer", "OfferSummary", "Product", "Live", "SalesTotal"}) {
        CAPTURE(name);
        CHECK(schemas[name]["properties"]["currency"]["examples"].size() == 4);
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
