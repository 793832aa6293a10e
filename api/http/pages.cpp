#include "api/http/pages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/http/route.hpp"
#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

constexpr const char* head_after_language = R"("><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Vitrine</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
code,pre{font:14px/1.45 ui-monospace,monospace;background:#f4f4f2;border-radius:4px}
code{padding:.1em .3em}pre{padding:.8em;overflow:auto}
h2{margin-top:2.5rem}h3{margin:1.8rem 0 .2rem}h3 code{font-size:15px}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
a{color:#0b57a4}summary{cursor:pointer}
</style></head><body>
)";
std::string head_in(Language language) {
    const char* code = language == Language::portuguese ? "pt-BR" : "en";
    return std::string("<!doctype html><html lang=\"") + code + head_after_language;
}

constexpr const char* tail = "</body></html>\n";

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '&':
                html += "&amp;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

struct Door {
    std::string_view name, path;
    Term words;
};

constexpr Door doors[] = {
    {"console",
     "/console",
     {"the console, for sellers and operators", "o console, para quem vende e para quem opera"}},
    {"docs", "/docs", {"the reference of the API", "a referência da API"}},
    {"openapi", "/openapi.json", {"the API as an OpenAPI document", "a API como documento OpenAPI"}
    },
    {"problems",
     "/problems",
     {"what can go wrong, and what to do", "o que pode dar errado, e o que fazer"}},
    {"health", "/healthz", {"is it alive?", "está no ar?"}},
    {"readiness", "/readyz", {"can it serve?", "pode atender?"}},
    {"metrics", "/metrics", {"figures for Prometheus", "números para o Prometheus"}},
};

std::string element(const char* tag, std::string_view text) {
    return std::string("<") + tag + ">" + escaped(text) + "</" + tag + ">";
}

std::string parameter_table(const Route& route) {
    std::string rows;
    for (const auto& parameter : route.parameters) {
        rows += "<tr><td><code>" + escaped(parameter.name) + "</code></td><td>" +
                escaped(parameter.help) + "</td></tr>";
    }
    if (!route.models.empty()) {
        rows +=
            "<tr><td><code>at_least</code></td><td>waits, at most 2 s, until this position is "
            "visible</td></tr>";
    }
    return rows.empty() ? rows : "<table>" + rows + "</table>";
}

std::string route_section(const Route& route) {
    std::string html = "<h3><code>" + escaped(route.method) + " " + escaped(route.pattern) +
                       "</code> " + escaped(route.name) + "</h3>";
    if (!route.command) return html + element("p", route.help) + parameter_table(route);
    auto schema = nlohmann::ordered_json::parse(route.command->schema);
    html += element("p", schema.value("description", ""));
    schema.erase("$id");
    schema.erase("title");
    schema.erase("description");
    return html + "<details><summary>Body (JSON Schema)</summary><pre>" + escaped(schema.dump(2)) +
           "</pre></details>";
}

std::string sections(const char* title, bool (*wanted)(const Route&)) {
    std::string html = element("h2", title);
    for (const auto& route : routes()) {
        if (wanted(route)) html += route_section(route);
    }
    return html;
}

/// "502, 503 or 504"
std::string statuses_of(const commands::ProblemType& type, Language language) {
    std::string list;
    for (std::size_t i = 0; i < type.statuses.size() && type.statuses[i] != 0; ++i) {
        const bool last = i + 1 == type.statuses.size() || type.statuses[i + 1] == 0;
        if (i != 0) list += !last ? ", " : language == Language::portuguese ? " ou " : " or ";
        list += std::to_string(type.statuses[i]);
    }
    return list;
}

std::string problem_section(const commands::ProblemType& type, Language language) {
    return "<h3 id=\"" + escaped(type.name) + "\"><a href=\"/problems/" + escaped(type.name) +
           "\"><code>" + escaped(type.name) + "</code></a> (" + statuses_of(type, language) +
           ")</h3>" + element("p", type.title.in(language)) + element("p", type.help.in(language));
}

/// To the same page in the other language.
std::string other_language(std::string_view path, Language language) {
    const bool portuguese = language == Language::portuguese;
    return "<a lang=\"" + std::string(portuguese ? "en" : "pt-BR") + "\" href=\"" +
           std::string(path) + "?lang=" + (portuguese ? "en" : "pt") + "\">" +
           (portuguese ? "English" : "Português") + "</a>";
}

}  // namespace

std::string root_page(Language language) {
    auto html = head_in(language);
    html += element("h1", "Vitrine");
    html += element(
        "p",
        Term{
            "Offers for sellers on Clubify Checkout.",
            "Ofertas para quem vende com o Clubify Checkout."
        }
            .in(language)
    );
    html += "<ul>";
    for (const auto& door : doors) {
        html += "<li><a href=\"" + std::string(door.path) + "\">" + std::string(door.path) +
                "</a>: " + escaped(door.words.in(language)) + "</li>";
    }
    return html + "</ul>" + tail;
}

std::string root_document() {
    nlohmann::ordered_json json;
    json["name"] = "Vitrine";
    for (const auto& door : doors) json[std::string(door.name)] = door.path;
    return json.dump();
}

std::string docs_page() {
    auto html = head_in(Language::english);
    html += element("h1", "Vitrine");
    html +=
        "<p>Send <code>Authorization: Bearer &lt;api key&gt;</code> with every request below "
        "<code>/v1</code>. Bodies "
        "are JSON. A command takes <code>Idempotency-Key</code>, <code>If-Match: "
        "\"&lt;version&gt;\"</code>, "
        "<code>X-Correlation-Id</code>, <code>traceparent</code> and <code>?dry_run=true</code>; "
        "it answers with "
        "<code>ETag</code> and <code>X-Vitrine-Position</code>. Give that position to a query as "
        "<code>?at_least=</code> to read your own write. What goes wrong is a <a "
        "href=\"/problems\">problem "
        "document</a>. The same as data: <a href=\"/openapi.json\">openapi.json</a>.</p>";
    html +=
        sections("Commands", [](const Route& route) { return route.access == Access::command; });
    html += sections("Queries", [](const Route& route) { return route.access == Access::reader; });
    html += sections("Administration", [](const Route& route) {
        return route.access == Access::admin;
    });
    html += sections("Operations, without a key", [](const Route& route) {
        return route.access == Access::open;
    });
    return html + tail;
}

std::string problems_page(Language language) {
    const bool portuguese = language == Language::portuguese;
    auto html = head_in(language);
    html += "<p>" + other_language("/problems", language) + "</p>";
    html += element("h1", portuguese ? "Problemas" : "Problems");
    html += element(
        "p",
        portuguese ? "O que o serviço responde quando algo dá errado, como "
                     "application/problem+json (RFC 9457)."
                   : "What the service answers when something goes wrong, as "
                     "application/problem+json (RFC 9457)."
    );
    for (const auto& type : commands::problem_types()) html += problem_section(type, language);
    return html + tail;
}

std::string problem_page(std::string_view name, Language language) {
    const auto types = commands::problem_types();
    const auto type = std::ranges::find(types, name, &commands::ProblemType::name);
    if (type == types.end()) return {};
    const bool portuguese = language == Language::portuguese;
    auto html = head_in(language);
    html += "<p><a href=\"/problems\">";
    html += portuguese ? "Todos os problemas" : "All problems";
    html += "</a> · " + other_language("/problems/" + std::string(type->name), language) + "</p>";
    html += element("h1", type->title.in(language));
    html += "<p><code>" + escaped(type->name) + "</code>, status " + statuses_of(*type, language) +
            "</p>";
    html += element("h2", portuguese ? "O que fazer" : "What to do");
    return html + element("p", type->help.in(language)) + tail;
}

}  // namespace vitrine::api
