#include "api/http/docs_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/http/curl_line.hpp"
#include "api/http/docs_words.hpp"
#include "api/http/examples.hpp"
#include "api/http/html.hpp"
#include "api/http/route.hpp"
#include "api/http/route_problems.hpp"
#include "api/http/samples.hpp"
#include "commands/problem.hpp"
#include "commands/webhooks/delivery.hpp"
#include "events/catalogue.hpp"
#include "events/codec.hpp"

namespace vitrine::api {
namespace {

constexpr char docs_css[] = {
#embed "docs/docs.css"
};
constexpr char docs_js[] = {
#embed "docs/docs.js"
};

std::string head_in(Language language) {
    const bool portuguese = language == Language::portuguese;
    return std::string("<!doctype html><html lang=\"") + (portuguese ? "pt-BR" : "en") +
           R"("><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>)" +
           (portuguese ? "Vitrine: a interface" : "Vitrine: the interface") + R"(</title>
<link rel="stylesheet" href="/console/palette.css"><link rel="stylesheet" href="/docs/docs.css"><script type="module" src="/docs/docs.js"></script>
</head><body><a class="skip" href="#content">)" +
           (portuguese ? "Ir para o conteúdo" : "To the content") + "</a>\n";
}

constexpr Term introduction{
    R"(<p>Send <code>Authorization: Bearer &lt;api key&gt;</code> with every request below <code>/v1</code>. Bodies are JSON. A command takes
<code>Idempotency-Key</code>, <code>If-Match: "&lt;version&gt;"</code>, <code>X-Correlation-Id</code>, <code>traceparent</code> and
<code>?dry_run=true</code>; it answers with <code>ETag</code> and <code>X-Vitrine-Position</code>. Give that position to a query as
<code>?at_least=</code> to read your own write. What goes wrong is a <a href="/problems">problem document</a>. The same as data:
<a href="/openapi.json">openapi.json</a>.</p>
<p>The lines below work as they stand in a shell where <code>$U</code> is this server and <code>$K</code> a key of the role admin, with
<code>curl</code> and <code>jq</code>: <code>K=$(cat .vitrine/api-key); U=http://127.0.0.1:8080</code>. What they make carries an
<code>Idempotency-Key</code>: sent again, they make nothing twice. The webhook is signed with the secret of the tenant <code>demo</code>,
which <code>./run</code> keeps in <code>.vitrine/webhook-secret</code>: for another tenant put its name into the path and its secret into
<code>SECRET</code>.</p>
<form class="search" role="search" hidden><label for="search">Search</label>
<input id="search" type="search" placeholder="path, member, problem, event…" aria-describedby="hint" autocomplete="off">
<span id="hint" class="needs">press / to come here</span> <span id="found" role="status" class="needs"></span></form>
</header>
)",
    R"(<p>Envie <code>Authorization: Bearer &lt;chave de API&gt;</code> em toda requisição abaixo de <code>/v1</code>. Os corpos são JSON. Um comando
aceita <code>Idempotency-Key</code>, <code>If-Match: "&lt;versão&gt;"</code>, <code>X-Correlation-Id</code>, <code>traceparent</code> e
<code>?dry_run=true</code>; responde com <code>ETag</code> e <code>X-Vitrine-Position</code>. Passe essa posição a uma consulta em
<code>?at_least=</code> para ler o que você mesmo gravou. O que dá errado é um <a href="/problems">documento de problema</a>. O mesmo como dados:
<a href="/openapi.json">openapi.json</a>.</p>
<p>As linhas abaixo funcionam como estão num shell em que <code>$U</code> é este servidor e <code>$K</code> uma chave com o papel admin, com
<code>curl</code> e <code>jq</code>: <code>K=$(cat .vitrine/api-key); U=http://127.0.0.1:8080</code>. O que elas criam leva uma
<code>Idempotency-Key</code>: enviadas de novo, não criam nada duas vezes. O webhook é assinado com o segredo do tenant <code>demo</code>, que
o <code>./run</code> guarda em <code>.vitrine/webhook-secret</code>: para outro tenant ponha o nome dele no caminho e o segredo dele em
<code>SECRET</code>.</p>
<form class="search" role="search" hidden><label for="search">Procurar</label>
<input id="search" type="search" placeholder="caminho, membro, problema, evento…" aria-describedby="hint" autocomplete="off">
<span id="hint" class="needs">tecle / para vir aqui</span> <span id="found" role="status" class="needs"></span></form>
</header>
)"
};

struct Part {
    const char* id;
    Term title;
    Access access;
};

constexpr Part parts[] = {
    {"commands", {"Commands", "Comandos"}, Access::command},
    {"queries", {"Queries", "Consultas"}, Access::reader},
    {"administration", {"Administration", "Administração"}, Access::admin},
    {"open", {"Without a key", "Sem chave"}, Access::open},
};

constexpr Term webhooks_title{"Webhooks that come in", "Webhooks que chegam"};
constexpr Term events_title{"Events", "Eventos"};

std::string code_block(std::string_view text) {
    return "<pre tabindex=\"0\"><code>" + escaped(text) + "</code></pre>";
}

std::string folded(const std::string& title, const std::string& content) {
    return "<details><summary>" + title + "</summary>" + content + "</details>";
}

std::string table(const std::string& head_row, const std::string& rows) {
    return "<div class=\"wide\"><table class=\"stacked\"><thead><tr>" + head_row +
           "</tr></thead><tbody>" + rows + "</tbody></table></div>";
}

std::string row(std::initializer_list<std::string> cells) {
    std::string html = "<tr>";
    for (const auto& cell : cells) html += "<td>" + cell + "</td>";
    return html + "</tr>";
}

/// Makes the page in one language.
class Writer {
public:
    explicit Writer(Language language) : language_(language) {}

    std::string write() const {
        return head_in(language_) + "<header><p>" + other_language("/docs", language_) +
               "</p><h1>Vitrine</h1>\n" + std::string(introduction.in(language_)) + index() +
               content();
    }

private:
    std::string_view say(const Term& term) const { return term.in(language_); }
    std::string filled(const Phrase& phrase) const { return phrase.in(language_); }
    std::string help(std::string_view english) const { return help_in(language_, english); }
    std::string title(const Term& term) const { return element("h4", say(term)); }
    std::string required_mark() const {
        return ' ' + element("strong", say({"required", "obrigatório"}));
    }

    std::string help_of(const Route& route) const;
    std::string_view role_of(Access access) const;
    std::string parameters(const Route& route) const;
    std::string limits(const ExampleJson& schema) const;
    std::string members(const ExampleJson& schema, const std::string& within) const;
    std::string body(const Route& route) const;
    std::string line(const Route& route) const;
    std::string done(const Route& route) const;
    ExampleJson example_problem(std::string_view name, int status) const;
    std::string problems(const Route& route) const;
    std::string article(const Route& route) const;
    std::string webhook_article(const ExampleJson& sample) const;
    std::string event_article(const events::EventType& type) const;
    std::string index() const;
    std::string content() const;

    Language language_;
};

std::string Writer::help_of(const Route& route) const {
    if (route.command == nullptr) return help(route.help);
    return help(nlohmann::json::parse(route.command->schema).value("description", ""));
}

std::string_view Writer::role_of(Access access) const {
    switch (access) {
        case Access::open:
            return say({"Needs no key.", "Não exige chave."});
        case Access::reader:
            return say({"Needs a key of any role.", "Exige uma chave com qualquer papel."});
        case Access::command:
            return say(
                {"Needs a key of the role operator or admin.",
                 "Exige uma chave com o papel operator ou admin."}
            );
        case Access::admin:
            return say({"Needs a key of the role admin.", "Exige uma chave com o papel admin."});
    }
    return {};
}

std::string Writer::parameters(const Route& route) const {
    std::string rows;
    for (const auto& parameter : route.parameters) {
        rows += row(
            {element("code", parameter.name) + (parameter.required ? required_mark() : ""),
             escaped(help(parameter.help)) +
                 (parameter.type == "string" ? "" : " (" + escaped(parameter.type) + ')')}
        );
    }
    if (!route.models.empty()) {
        rows += row(
            {element("code", "at_least"),
             std::string(say(
                 {"waits, at most 2 s, until this position is visible (integer)",
                  "espera, no máximo 2 s, até que esta posição seja visível (integer)"}
             ))}
        );
    }
    if (rows.empty()) return rows;
    return title({"Parameters", "Parâmetros"}) +
           table(
               element("th", say({"Name", "Nome"})) +
                   element("th", say({"Meaning", "Significado"})),
               rows
           );
}

/// "BRL, USD, EUR"
std::string listed(const ExampleJson& values) {
    std::string list;
    for (const auto& value : values)
        list += (list.empty() ? "" : ", ") +
                (value.is_string() ? value.get<std::string>() : value.dump());
    return list;
}

/// What a member must be beside its type, of each limit one sentence.
std::string Writer::limits(const ExampleJson& schema) const {
    std::string text;
    const auto add = [&](const Phrase& phrase) { text += filled(phrase) + ". "; };
    if (schema.contains("enum")) add(phrase("one of {}", "um de {}", listed(schema["enum"])));
    const auto range = [&](const char* least, const char* most, const Term& unit) {
        const auto number = [&](const char* name) { return schema.at(name).dump(); };
        if (schema.contains(least) && schema.contains(most)) {
            add(phrase("{} to {}{}", "de {} a {}{}", number(least), number(most), unit));
        } else if (schema.contains(most)) {
            add(phrase("at most {}{}", "no máximo {}{}", number(most), unit));
        } else if (schema.contains(least)) {
            add(phrase("at least {}{}", "no mínimo {}{}", number(least), unit));
        }
    };
    range("minLength", "maxLength", {" characters", " caracteres"});
    range("minimum", "maximum", {"", ""});
    range("minItems", "maxItems", {" entries", " itens"});
    // A long one is said in the description.
    constexpr std::size_t readable = 60;
    if (const auto pattern = schema.value("pattern", ""); !pattern.empty()) {
        if (pattern.size() <= readable || !schema.contains("description"))
            add(phrase("as {}", "como {}", pattern));
    }
    if (schema.contains("default"))
        add(phrase("{} unless told", "{} se não for dito", schema["default"].dump()));
    return text;
}

/// One a row, with what stands below it.
std::string Writer::members(const ExampleJson& schema, const std::string& within) const {
    const auto required = schema.value("required", ExampleJson::array());
    std::string rows;
    for (const auto& member : schema.value("properties", ExampleJson::object()).items()) {
        const auto& value = member.value();
        const auto name = within + member.key();
        std::string type;
        if (const auto found = value.find("type"); found != value.end())
            type = found->is_string() ? found->get<std::string>() : listed(*found);
        const auto more = limits(value) + help(value.value("description", ""));
        const bool must = std::ranges::find(required, ExampleJson(member.key())) != required.end();
        const auto mark = must ? required_mark() : "";
        rows +=
            row({element("code", name) + mark, escaped(type + (more.empty() ? "" : ": " + more))});
        rows += members(value, name + '.');
        if (value.contains("items")) rows += members(value["items"], name + "[].");
    }
    return rows;
}

/// Of a command, or of a query that is asked by one.
std::string Writer::body(const Route& route) const {
    const auto text = route.command == nullptr ? route.body_schema : route.command->schema;
    if (text.empty()) return {};
    auto schema = ExampleJson::parse(text);
    const auto rows = members(schema, "");
    for (const auto* name : {"$id", "title", "description"}) schema.erase(name);
    auto html = title({"Body", "Corpo"});
    if (!rows.empty())
        html += table(
            element("th", say({"Member", "Membro"})) +
                element("th", say({"Meaning", "Significado"})),
            rows
        );
    if (const auto* request = example_of(route.name, "request"))
        html += folded(std::string(say({"Example", "Exemplo"})), code_block(request->dump(2)));
    return html + folded("JSON Schema", code_block(schema.dump(2)));
}

std::string Writer::line(const Route& route) const {
    return title({"Try it", "Experimente"}) +
           "<div class=\"line\"><pre tabindex=\"0\" class=\"curl\" data-status=\"" +
           std::to_string(curl_status(route)) + "\"><code>" + escaped(curl_line(route)) +
           "</code></pre></div>";
}

std::string Writer::done(const Route& route) const {
    const bool creates = route.command != nullptr && route.command->creates;
    std::string html;
    const std::string status = creates ? "201" : "200";
    if (const auto* answer = example_of(route.name, "answer")) {
        html += folded(
            "<code>" + status + "</code> " + escaped(route.content), code_block(answer->dump(2))
        );
    } else {
        html += "<p><code>" + status + "</code> " + escaped(route.content) + "</p>";
    }
    const auto told = [&](const char* code, const Term& what) {
        return "<code>" + std::string(code) + "</code> " + std::string(say(what));
    };
    if (route.streams)
        html += "<p>" +
                told(
                    "200",
                    {"text/event-stream, as it happens", "text/event-stream, à medida que acontece"}
                ) +
                "</p>";
    if (route.has_version)
        html +=
            "<p>" +
            told(
                "304",
                {"what If-None-Match names is still so", "o que If-None-Match indica ainda é assim"}
            ) +
            "</p>";
    if (route.command != nullptr) {
        html += folded(
            told(
                "202",
                {"still running at the deadline; Location leads to its status",
                 "ainda em execução no prazo; Location leva ao estado"}
            ),
            code_block(R"({"command_id":"01a21d78-a436-7e6e-8632-ea8e570c9611","status":"running"})"
            )
        );
        html +=
            "<p>" +
            told(
                "200",
                {"with <code>?dry_run=true</code>: "
                 "<code>{\"dry_run\":true,\"command\":…,\"events\":[…]}</code>, the events that "
                 "would be appended",
                 "com <code>?dry_run=true</code>: "
                 "<code>{\"dry_run\":true,\"command\":…,\"events\":[…]}</code>, os eventos que "
                 "seriam gravados"}
            ) +
            "</p>";
    }
    return html;
}

ExampleJson Writer::example_problem(std::string_view name, int status) const {
    if (name == "validation-failed" && language_ == Language::english) return problem_example();
    const auto& type = commands::problem_type(name);
    ExampleJson json;
    json["type"] = "/problems/" + std::string(name);
    json["title"] = type.title.in(language_);
    json["status"] = status;
    json["detail"] = type.help.in(language_);
    return json;
}

std::string Writer::problems(const Route& route) const {
    std::string html;
    for (const auto& [status, names] : problems_of(route)) {
        std::string titles, examples;
        for (const auto name : names) {
            titles += (titles.empty() ? "" : ", ") + std::string(name);
            examples += "<p>" + link_to("/problems/" + std::string(name), name) + "</p>" +
                        code_block(example_problem(name, status).dump(2));
        }
        html += folded("<code>" + std::to_string(status) + "</code> " + escaped(titles), examples);
    }
    return html;
}

std::string Writer::article(const Route& route) const {
    return "<article id=\"" + escaped(route.name) + "\"><h3>" + escaped(route.name) +
           "</h3><p class=\"route\">" + "<code>" + escaped(route.method) + " " +
           escaped(route.pattern) + "</code></p>" + element("p", help_of(route)) +
           "<p class=\"needs\">" + std::string(role_of(route.access)) + "</p>" + parameters(route) +
           body(route) + line(route) + title({"Answers", "Respostas"}) + done(route) +
           problems(route) + "</article>";
}

std::string Writer::webhook_article(const ExampleJson& sample) const {
    const auto event = sample.at("event").get<std::string>();
    std::string html = "<article id=\"webhook-" + escaped(event) + "\"><h3>" + escaped(event) +
                       "</h3>" + code_block(sample.dump(2));
    if (const auto delivery = commands::parse_delivery(sample.dump()); delivery->order) {
        const auto encoded = events::encode(*delivery->order);
        html += "<p>" +
                filled(phrase(
                    "It is kept as {}, and read as {} in the stream {}:",
                    "É guardado como {}, e lido como {} no fluxo {}:",
                    element("code", "ClubifyWebhookReceived"),
                    link_to("#event-" + encoded.type, encoded.type),
                    element("code", delivery->stream)
                )) +
                "</p>" + code_block(ExampleJson::parse(encoded.data).dump(2));
    }
    return html + "</article>";
}

std::string Writer::event_article(const events::EventType& type) const {
    std::string html = "<article id=\"event-" + escaped(type.name) + "\"><h3>" +
                       escaped(type.name) + "</h3><p class=\"needs\">" +
                       filled(phrase(
                           "In streams of the category {}, schema {}.",
                           "Em fluxos da categoria {}, esquema {}.",
                           element("code", type.category),
                           type.schema()
                       )) +
                       "</p>";
    if (const auto* sample = event_sample(type.name)) html += code_block(sample->dump(2));
    return html + "</article>";
}

/// What sellers may see.
bool is_shown(const events::EventType& type) {
    return !events::is_operator_category(type.category);
}

std::string entry(const std::string& id, std::string_view text) {
    return "<li>" + link_to("#" + id, text) + "</li>";
}

std::string Writer::index() const {
    const std::string name(say({"Index", "Índice"}));
    std::string html =
        "<nav aria-label=\"" + name + "\"><details open><summary>" + name + "</summary>";
    for (const auto& part : parts) {
        html += "<h2>" + link_to("#" + std::string(part.id), say(part.title)) + "</h2><ul>";
        for (const auto& route : routes()) {
            if (route.access == part.access) html += entry(std::string(route.name), route.name);
        }
        html += "</ul>";
    }
    html += "<h2>" + link_to("#webhooks", say(webhooks_title)) + "</h2><ul>";
    for (const auto& sample : webhook_samples()) {
        const auto event = sample.at("event").get<std::string>();
        html += entry("webhook-" + event, event);
    }
    html += "</ul><h2>" + link_to("#events", say(events_title)) + "</h2><ul>";
    for (const auto& type : events::catalogue()) {
        if (is_shown(type)) html += entry("event-" + std::string(type.name), type.name);
    }
    return html + "</ul></details></nav>\n";
}

std::string section(const std::string& id, std::string_view title, const std::string& content) {
    return "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + escaped(title) +
           "</h2>" + content + "</section>\n";
}

std::string Writer::content() const {
    std::string html = "<main id=\"content\">";
    for (const auto& part : parts) {
        std::string articles;
        for (const auto& route : routes()) {
            if (route.access == part.access) articles += article(route);
        }
        html += section(part.id, say(part.title), articles);
    }
    auto webhooks = "<p>" +
                    filled(phrase(
                        "What Clubify sends to {}, signed with the tenant's webhook secret "
                        "(HMAC-SHA256 of the raw body, in hexadecimal). The same delivery counts "
                        "once, whatever a retry changes; what is not understood is kept and listed "
                        "by {}.",
                        "O que a Clubify envia a {}, assinado com o segredo de webhook do tenant "
                        "(HMAC-SHA256 do corpo como recebido, em hexadecimal). A mesma entrega "
                        "conta uma vez, mude o que mudar numa repetição; o que não se entende é "
                        "guardado e listado por {}.",
                        link_to("#ReceiveClubifyWebhook", "POST /v1/webhooks/clubify/{tenant}"),
                        link_to("#ListWebhooks", "GET /v1/webhooks?outcome=unclear")
                    )) +
                    "</p>";
    for (const auto& sample : webhook_samples()) webhooks += webhook_article(sample);
    html += section("webhooks", say(webhooks_title), webhooks);
    auto events = "<p>" +
                  filled(phrase(
                      "What {} answers as {} of a CloudEvent: the payload of each type.",
                      "O que {} responde como {} de um CloudEvent: o conteúdo de cada tipo.",
                      link_to("#EventFeed", "GET /v1/events"),
                      element("code", "data")
                  )) +
                  "</p>";
    for (const auto& type : events::catalogue()) {
        if (is_shown(type)) events += event_article(type);
    }
    return html + section("events", say(events_title), events) + "</main></body></html>\n";
}

}  // namespace

std::string docs_page(Language language) {
    return Writer(language).write();
}

const DocsFile* find_docs_file(std::string_view name) {
    static constexpr DocsFile files[] = {
        {"docs.css", "text/css; charset=utf-8", {docs_css, sizeof docs_css}},
        {"docs.js", "text/javascript; charset=utf-8", {docs_js, sizeof docs_js}},
    };
    const auto* found = std::ranges::find(files, name, &DocsFile::name);
    return found == std::end(files) ? nullptr : found;
}

}  // namespace vitrine::api
