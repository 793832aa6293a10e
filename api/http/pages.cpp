#include "api/http/pages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/http/html.hpp"
#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

constexpr char palette[] = {
#embed "../../console/palette.css"
    , 0
};

constexpr const char* head_after_language = R"("><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Vitrine</title><style>
)";
constexpr const char* head_after_palette = R"(
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--ground)}
code,pre{font:14px/1.45 ui-monospace,monospace;background:var(--code);border-radius:4px}
code{padding:.1em .3em}pre{padding:.8em;overflow:auto}
h2{margin-top:2.5rem}h3{margin:1.8rem 0 .2rem}h3 code{font-size:15px}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
a{color:var(--accent)}summary{cursor:pointer}
</style></head><body>
)";
std::string head_in(Language language) {
    const char* code = language == Language::portuguese ? "pt-BR" : "en";
    return std::string("<!doctype html><html lang=\"") + code + head_after_language + palette +
           head_after_palette;
}

constexpr const char* tail = "</body></html>\n";

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
