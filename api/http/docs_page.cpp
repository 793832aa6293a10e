#include "api/http/docs_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/http/curl_line.hpp"
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

constexpr const char* head = R"(<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Vitrine: the interface</title>
<link rel="stylesheet" href="/docs/docs.css"><script type="module" src="/docs/docs.js"></script>
</head><body><a class="skip" href="#content">To the content</a>
)";

constexpr const char* introduction = R"(<header><h1>Vitrine</h1>
<p>Send <code>Authorization: Bearer &lt;api key&gt;</code> with every request below <code>/v1</code>. Bodies are JSON. A command takes
<code>Idempotency-Key</code>, <code>If-Match: "&lt;version&gt;"</code>, <code>X-Correlation-Id</code>, <code>traceparent</code> and
<code>?dry_run=true</code>; it answers with <code>ETag</code> and <code>X-Vitrine-Position</code>. Give that position to a query as
<code>?at_least=</code> to read your own write. What goes wrong is a <a href="/problems">problem document</a>. The same as data:
<a href="/openapi.json">openapi.json</a>.</p>
<p>The lines below work as they stand in a shell where <code>$U</code> is this server and <code>$K</code> a key of the role admin, with
<code>curl</code> and <code>jq</code>: <code>K=$(cat .vitrine/api-key); U=http://127.0.0.1:8080</code>. What they make carries an
<code>Idempotency-Key</code>: sent again, they make nothing twice.</p>
<form class="search" role="search" hidden><label for="search">Search</label>
<input id="search" type="search" placeholder="path, member, problem, event…" aria-describedby="hint" autocomplete="off">
<span id="hint" class="needs">press / to come here</span> <span id="found" role="status" class="needs"></span></form>
</header>
)";

struct Part {
    const char* id;
    const char* title;
    Access access;
};

constexpr Part parts[] = {
    {"commands", "Commands", Access::command},
    {"queries", "Queries", Access::reader},
    {"administration", "Administration", Access::admin},
    {"open", "Without a key", Access::open},
};

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

std::string help_of(const Route& route) {
    if (route.command == nullptr) return std::string(route.help);
    return nlohmann::json::parse(route.command->schema).value("description", "");
}

const char* role_of(Access access) {
    switch (access) {
        case Access::open:
            return "no key";
        case Access::reader:
            return "a key of any role";
        case Access::command:
            return "a key of the role operator or admin";
        case Access::admin:
            return "a key of the role admin";
    }
    return "";
}

std::string parameters(const Route& route) {
    std::string rows;
    for (const auto& parameter : route.parameters) {
        rows += row(
            {element("code", parameter.name),
             escaped(parameter.help) +
                 (parameter.type == "string" ? "" : " (" + escaped(parameter.type) + ')')}
        );
    }
    if (!route.models.empty()) {
        rows += row(
            {element("code", "at_least"),
             "waits, at most 2 s, until this position is visible (integer)"}
        );
    }
    if (rows.empty()) return rows;
    return "<h4>Parameters</h4>" + table("<th>Name</th><th>Meaning</th>", rows);
}

/// "BRL, USD, EUR"
std::string listed(const ExampleJson& values) {
    std::string list;
    for (const auto& value : values)
        list += (list.empty() ? "" : ", ") +
                (value.is_string() ? value.get<std::string>() : value.dump());
    return list;
}

/// The members of a command's body, one a row.
std::string members(const Route& route) {
    if (route.command == nullptr) return {};
    auto schema = ExampleJson::parse(route.command->schema);
    const auto required = schema.value("required", ExampleJson::array());
    std::string rows;
    for (const auto& member : schema.value("properties", ExampleJson::object()).items()) {
        const auto& value = member.value();
        std::string type;
        if (const auto found = value.find("type"); found != value.end())
            type = found->is_string() ? found->get<std::string>() : found->dump();
        std::string more;
        if (value.contains("enum")) more = "one of " + listed(value["enum"]) + ". ";
        if (value.contains("default")) more += "Unless told " + value["default"].dump() + ". ";
        more += value.value("description", "");
        const bool must = std::ranges::find(required, ExampleJson(member.key())) != required.end();
        rows += row(
            {element("code", member.key()) + (must ? " <strong>required</strong>" : ""),
             escaped(type + (more.empty() ? "" : ": " + more))}
        );
    }
    for (const auto* name : {"$id", "title", "description"}) schema.erase(name);
    std::string html = "<h4>Body</h4>";
    if (!rows.empty()) html += table("<th>Member</th><th>Meaning</th>", rows);
    if (const auto* request = example_of(route.name, "request"))
        html += folded("Example", code_block(request->dump(2)));
    return html + folded("JSON Schema", code_block(schema.dump(2)));
}

std::string line(const Route& route) {
    return "<h4>Try it</h4><div class=\"line\"><pre tabindex=\"0\" class=\"curl\" data-status=\"" +
           std::to_string(curl_status(route)) + "\"><code>" + escaped(curl_line(route)) +
           "</code></pre></div>";
}

std::string done(const Route& route) {
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
    if (route.streams) html += "<p><code>200</code> text/event-stream, as it happens</p>";
    if (route.has_version) html += "<p><code>304</code> what If-None-Match names is still so</p>";
    if (route.command != nullptr) {
        html += folded(
            "<code>202</code> still running at the deadline; Location leads to its status",
            code_block(R"({"command_id":"01a21d78-a436-7e6e-8632-ea8e570c9611","status":"running"})"
            )
        );
        html +=
            "<p><code>200</code> with <code>?dry_run=true</code>: <code>{\"dry_run\":true,"
            "\"command\":…,\"events\":[…]}</code>, the events that would be appended</p>";
    }
    return html;
}

ExampleJson example_problem(std::string_view name, int status) {
    if (name == "validation-failed") return problem_example();
    const auto& type = commands::problem_type(name);
    ExampleJson json;
    json["type"] = "/problems/" + std::string(name);
    json["title"] = type.title.english;
    json["status"] = status;
    json["detail"] = type.help.english;
    return json;
}

std::string problems(const Route& route) {
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

std::string article(const Route& route) {
    return "<article id=\"" + escaped(route.name) + "\"><h3>" + escaped(route.name) +
           "</h3><p class=\"route\">" + "<code>" + escaped(route.method) + " " +
           escaped(route.pattern) + "</code></p>" + element("p", help_of(route)) +
           "<p class=\"needs\">Needs " + role_of(route.access) + ".</p>" + parameters(route) +
           members(route) + line(route) + "<h4>Answers</h4>" + done(route) + problems(route) +
           "</article>";
}

std::string webhook_article(const ExampleJson& sample) {
    const auto event = sample.at("event").get<std::string>();
    std::string html = "<article id=\"webhook-" + escaped(event) + "\"><h3>" + escaped(event) +
                       "</h3>" + code_block(sample.dump(2));
    if (const auto delivery = commands::parse_delivery(sample.dump()); delivery->order) {
        const auto encoded = events::encode(*delivery->order);
        html += "<p>It is kept as <code>ClubifyWebhookReceived</code>, and read as " +
                link_to("#event-" + encoded.type, encoded.type) + " in the stream " +
                element("code", delivery->stream) + ":</p>" +
                code_block(ExampleJson::parse(encoded.data).dump(2));
    }
    return html + "</article>";
}

std::string event_article(const events::EventType& type) {
    std::string html = "<article id=\"event-" + escaped(type.name) + "\"><h3>" +
                       escaped(type.name) + "</h3><p class=\"needs\">In streams of the category " +
                       element("code", type.category) + ", schema " +
                       std::to_string(type.schema()) + ".</p>";
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

std::string index() {
    std::string html = "<nav aria-label=\"Index\"><details open><summary>Index</summary>";
    for (const auto& part : parts) {
        html += "<h2>" + link_to("#" + std::string(part.id), part.title) + "</h2><ul>";
        for (const auto& route : routes()) {
            if (route.access == part.access) html += entry(std::string(route.name), route.name);
        }
        html += "</ul>";
    }
    html += "<h2>" + link_to("#webhooks", "Webhooks that come in") + "</h2><ul>";
    for (const auto& sample : webhook_samples()) {
        const auto event = sample.at("event").get<std::string>();
        html += entry("webhook-" + event, event);
    }
    html += "</ul><h2>" + link_to("#events", "Events") + "</h2><ul>";
    for (const auto& type : events::catalogue()) {
        if (is_shown(type)) html += entry("event-" + std::string(type.name), type.name);
    }
    return html + "</ul></details></nav>\n";
}

std::string section(const std::string& id, std::string_view title, const std::string& content) {
    return "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + escaped(title) +
           "</h2>" + content + "</section>\n";
}

std::string content() {
    std::string html = "<main id=\"content\">";
    for (const auto& part : parts) {
        std::string articles;
        for (const auto& route : routes()) {
            if (route.access == part.access) articles += article(route);
        }
        html += section(part.id, part.title, articles);
    }
    std::string webhooks =
        "<p>What Clubify sends to " +
        link_to("#ReceiveClubifyWebhook", "POST /v1/webhooks/clubify/{tenant}") +
        ", signed with the tenant's webhook secret (HMAC-SHA256 of the raw body, in hexadecimal). "
        "The "
        "same delivery counts once, whatever a retry changes; what is not understood is kept and "
        "listed by " +
        link_to("#ListWebhooks", "GET /v1/webhooks?outcome=unclear") + ".</p>";
    for (const auto& sample : webhook_samples()) webhooks += webhook_article(sample);
    html += section("webhooks", "Webhooks that come in", webhooks);
    std::string events =
        "<p>What " + link_to("#EventFeed", "GET /v1/events") +
        " answers as <code>data</code> of a CloudEvent: the payload of each type.</p>";
    for (const auto& type : events::catalogue()) {
        if (is_shown(type)) events += event_article(type);
    }
    return html + section("events", "Events", events) + "</main></body></html>\n";
}

}  // namespace

std::string docs_page() {
    return head + std::string(introduction) + index() + content();
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
