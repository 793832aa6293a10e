#include "api/http/curl_line.hpp"

#include <algorithm>

#include "api/http/examples.hpp"

namespace vitrine::api {
namespace {

constexpr const char* with_key = " -H \"Authorization: Bearer $K\"";
constexpr const char* with_json = " -H 'Content-Type: application/json'";

std::string with_idempotency_key(std::string_view name) {
    return " -H 'Idempotency-Key: docs-" + std::string(name) + "'";
}

std::string target(std::string_view path) {
    return "\"$U" + std::string(path) + '"';
}

/// Sets a shell variable to a member of what a request is answered.
std::string set(std::string_view variable, const std::string& request, std::string_view member) {
    return std::string(variable) + "=$(" + request + " | jq -r " + std::string(member) + ")\n";
}

std::string oldest(std::string_view kind, std::string_view variable) {
    const std::string plural = std::string(kind) + 's';
    return set(
        variable,
        "curl -s " + target("/v1/" + plural + "?sort=created_at&limit=1") + with_key,
        ".items[0]." + std::string(kind) + "_id"
    );
}

std::string create(
    std::string_view kind, std::string_view route, std::string_view variable, std::string_view body
) {
    const auto name = std::string(route) + '-' + std::string(kind);
    return set(
        variable,
        "curl -s " + target("/v1/" + std::string(kind) + 's') + with_key + with_json +
            with_idempotency_key(name) + " -d '" + std::string(body) + "'",
        '.' + std::string(kind) + "_id"
    );
}

std::string new_product(std::string_view route, std::string_view variable) {
    return create(
        "product",
        route,
        variable,
        "{\"name\":\"" + std::string(route) + " example\",\"price_cents\":1990}"
    );
}

std::string new_offer(std::string_view route, bool active) {
    return new_product(route, "P") + create(
                                         "offer",
                                         route,
                                         "ID",
                                         "{\"name\":\"" + std::string(route) +
                                             " example\",\"products\":[{\"product_id\":\"'$P'\"}]" +
                                             (active ? ",\"activate\":true}" : "}")
                                     );
}

/// A text in single quotes, in which @P@ stands for the variable P.
std::string quoted(std::string text) {
    const auto replace_all = [&text](std::string_view from, std::string_view to) {
        for (auto at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    };
    replace_all("'", "'\\''");
    replace_all("@P@", "'$P'");
    return '\'' + text + '\'';
}

/// Whether a product is named; its place is taken by one that exists.
bool put_product(ExampleJson& json) {
    bool found = false;
    if (json.is_object() && json.contains("product_id")) {
        json["product_id"] = "@P@";
        found = true;
    }
    if (!json.is_structured()) return found;
    for (auto& child : json) found = put_product(child) || found;
    return found;
}

std::string text_of(const Route& route, std::string_view of) {
    const auto* text = example_of(route.name, of);
    return text == nullptr ? std::string() : text->get<std::string>();
}

/// Makes a line of curl, and what goes before it.
class Writer {
public:
    explicit Writer(const Route& route) : route_(route) {}

    std::string write() {
        if (route_.needs_body && route_.command == nullptr) return webhook();
        auto path = path_of();
        const auto query = text_of(route_, "query");
        if (query.contains("$ID") && !route_.pattern.contains('{'))
            before_ += oldest("offer", "ID");
        const auto body = body_of();
        std::string line = "curl -s";
        const bool implied = route_.method == "GET" || (route_.method == "POST" && !body.empty());
        if (!implied) line += " -X " + std::string(route_.method);
        line += ' ' + target(path + query);
        if (route_.access != Access::open) line += with_key;
        if (!body.empty()) line += with_json;
        if (route_.command != nullptr) line += with_idempotency_key(route_.name);
        if (!body.empty()) line += " \\\n     -d " + body;
        return before_ + line;
    }

private:
    bool is_of(std::string_view entities) const {
        return route_.pattern.starts_with("/v1/" + std::string(entities) + "/{id}");
    }

    std::string path_of() {
        std::string path;
        auto rest = route_.pattern;
        while (!rest.empty()) {
            const auto open = rest.find('{');
            path += rest.substr(0, open);
            if (open == std::string_view::npos) break;
            const auto close = rest.find('}', open);
            path += value_of(rest.substr(open + 1, close - open - 1));
            rest.remove_prefix(close + 1);
        }
        return path;
    }

    /// What stands for a name in braces. Without a value of its own a query asks about the oldest
    /// offer or product, and a command works on new ones.
    std::string value_of(std::string_view name) {
        if (const auto* path = example_of(route_.name, "path"); path && path->contains(name)) {
            return path->at(std::string(name)).get<std::string>();
        }
        if (name == "product_id") return "$P";
        if (name == "command_id") {
            before_ +=
                set("ID",
                    "curl -s " + target("/v1/products") + with_key + with_json +
                        with_idempotency_key(std::string(route_.name) + "-product") +
                        " -d '{\"name\":\"" + std::string(route_.name) +
                        " example\",\"price_cents\":1990}'",
                    ".command_id");
            return "$ID";
        }
        if (is_of("offers")) {
            const bool active = example_of(route_.name, "active") != nullptr;
            before_ += route_.command ? new_offer(route_.name, active) : oldest("offer", "ID");
        } else if (is_of("products")) {
            before_ += route_.command ? new_product(route_.name, "ID") : oldest("product", "ID");
        }
        return "$ID";
    }

    std::string body_of() {
        const auto* request = example_of(route_.name, "request");
        if (request == nullptr) return {};
        auto json = *request;
        if (put_product(json)) {
            // A product that is in no offer yet.
            before_ += new_product(std::string(route_.name) + "-other", "P");
        }
        return quoted(json.dump());
    }

    std::string webhook() const {
        return "SECRET=$(cat .vitrine/webhook-secret)\nBODY='" +
               example_of(route_.name, "request")->dump() + "'\n" +
               "SIGNATURE=$(printf %s \"$BODY\" | openssl dgst -sha256 -hmac \"$SECRET\" | sed "
               "'s/.* //')\n" +
               "curl -s " + target(path_with(text_of(route_, "tenant"))) + with_json +
               " -H \"X-Clubify-Signature: $SIGNATURE\" -H \"X-Clubify-Timestamp: $(date +%s)\" "
               "\\\n     -d \"$BODY\"";
    }

    std::string path_with(const std::string& capture) const {
        return std::string(route_.pattern.substr(0, route_.pattern.find('{'))) + capture;
    }

    const Route& route_;
    std::string before_;
};

}  // namespace

std::string curl_line(const Route& route) {
    return Writer(route).write();
}

int curl_status(const Route& route) {
    if (const auto* status = example_of(route.name, "status")) return status->get<int>();
    return route.command != nullptr && route.command->creates ? 201 : 200;
}

}  // namespace vitrine::api
