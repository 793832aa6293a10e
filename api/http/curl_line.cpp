#include "api/http/curl_line.hpp"

#include <algorithm>
#include <stdexcept>

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
    std::string_view kind,
    std::string_view route,
    std::string_view variable,
    std::string_view body,
    std::string_view member = {}  // of the answer; empty: the id
) {
    const auto name = std::string(route) + '-' + std::string(kind);
    return set(
        variable,
        "curl -s " + target("/v1/" + std::string(kind) + 's') + with_key + with_json +
            with_idempotency_key(name) + " -d '" + std::string(body) + "'",
        '.' + (member.empty() ? std::string(kind) + "_id" : std::string(member))
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

std::string offer_body(std::string_view route, bool active) {
    return "{\"name\":\"" + std::string(route) +
           " example\",\"products\":[{\"product_id\":\"'$P'\"}]" +
           (active ? ",\"activate\":true}" : "}");
}

std::string new_offer(std::string_view route, bool active) {
    return new_product(route, "P") + create("offer", route, "ID", offer_body(route, active));
}

/// With the position where it is there, by asking for it again under its key.
std::string new_offer_to_ask_about(std::string_view route) {
    return new_offer(route, false) +
           create("offer", route, "N", offer_body(route, false), "position");
}

/// An active one whose price is known, which is asked for until it is.
std::string new_offer_to_sell(std::string_view route) {
    return new_offer(route, true) +
           create("offer", route, "N", offer_body(route, true), "position") +
           set("Q",
               "curl -s " + target("/v1/quotes?at_least=$N") + with_key + with_json +
                   " -d '{\"offer_id\":\"'$ID'\"}'",
               ".total_cents");
}

/// A text in single quotes, in which @P@ and @ID@ stand for the variables P and ID.
std::string quoted(std::string text) {
    const auto replace_all = [&text](std::string_view from, std::string_view to) {
        for (auto at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    };
    replace_all("'", "'\\''");
    replace_all("@P@", "'$P'");
    replace_all("@ID@", "'$ID'");
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
        if (example_of(route_.name, "tenant") != nullptr) return webhook();
        if (const auto first = text_of(route_, "after"); !first.empty()) {
            Writer writer(route_of(first));
            const auto line = writer.write_line();
            before_ = writer.before_ + set("N", line, ".position");
            has_id_ = before_.contains("ID=$(");
        }
        const auto line = write_line();
        return before_ + line;
    }

private:
    std::string write_line() {
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
        if (const auto user = text_of(route_, "user"); !user.empty()) line += " -u '" + user + '\'';
        if (!body.empty()) line += with_json;
        // What is answered of who is erased can be told once.
        if (route_.command != nullptr && !route_.command->ends_person)
            line += with_idempotency_key(route_.name);
        if (!body.empty()) line += " \\\n     -d " + body;
        if (!only_with_.empty()) line = "[ -z \"$" + only_with_ + "\" ] || " + line;
        return line;
    }

    static const Route& route_of(std::string_view name) {
        const auto all = routes();
        const auto found = std::ranges::find(all, name, &Route::name);
        if (found == all.end()) throw std::logic_error("no route " + std::string(name));
        return *found;
    }

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
        if (name == "stream") {
            // What is parked is no matter of the example: without any there is nothing to do.
            only_with_ = "S";
            const auto model = example_of(route_.name, "path")->at("name").get<std::string>();
            before_ +=
                set("S",
                    "curl -s " + target("/v1/projections/" + model + "/parked") + with_key,
                    "'.items[0].stream // empty'");
            return "$S";
        }
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
        if (name == "event_id") {
            only_with_ = "E";  // likewise
            before_ +=
                set("E",
                    "curl -s " + target("/v1/webhook-endpoints/$ID/deliveries") + with_key,
                    "'.items[0].event_id // empty'");
            return "$E";
        }
        if (route_.pattern.starts_with("/v1/price-lists/")) {
            before_ += new_price_list();
            return std::string(route_.name);
        }
        if (has_id_) return "$ID";
        if (is_of("offers")) {
            const bool active = example_of(route_.name, "active") != nullptr;
            before_ += route_.command ? new_offer(route_.name, active) : oldest("offer", "ID");
        } else if (is_of("products")) {
            before_ += route_.command ? new_product(route_.name, "ID") : oldest("product", "ID");
        } else if (is_of("webhook-endpoints")) {
            before_ += new_endpoint();
        } else if (is_of("customers")) {
            before_ += new_customer("ID", "");
        } else if (is_of("reservations")) {
            before_ += new_reservation();
        } else if (is_of("orders")) {
            only_with_ = "ID";  // likewise
            before_ +=
                set("ID",
                    "curl -s " + target("/v1/orders?limit=1") + with_key,
                    "'.items[0].order_id // empty'");
        } else if (is_of("checkouts") && example_of(route_.name, "at_risk") != nullptr) {
            only_with_ = "ID";  // likewise
            before_ +=
                set("ID",
                    "curl -s " + target("/v1/money/at-risk") + with_key,
                    "'.items[0].checkout_id // empty'");
        } else if (is_of("checkouts")) {
            before_ += new_checkout();
        }
        return "$ID";
    }

    /// Made once for each route; asked for again, under its key, it tells its position too.
    std::string new_endpoint() const {
        const auto line = "curl -s " + target("/v1/webhook-endpoints") + with_key + with_json +
                          with_idempotency_key(std::string(route_.name) + "-endpoint") + " -d " +
                          quoted(example_of("CreateEndpoint", "request")->dump());
        auto made = set("ID", line, ".endpoint_id");
        if (text_of(route_, "query").contains("$N")) made += set("N", line, ".position");
        return made;
    }

    /// Somebody of the route's own, who is registered once; of one that ends them each time.
    std::string new_customer(std::string_view variable, std::string_view mailbox) const {
        const auto name = std::string(route_.name) + std::string(mailbox);
        const bool is_kept = route_.command == nullptr || !route_.command->ends_person;
        const auto line = "curl -s -X PUT " + target("/v1/customers") + with_key + with_json +
                          (is_kept ? with_idempotency_key(name + "-customer") : "") +
                          " -d '{\"email\":\"" + name + "@example.com\",\"name\":\"Ana Lima\"}'";
        auto made = set(variable, line, ".customer_id");
        if (text_of(route_, "query").contains("$N")) made += set("N", line, ".position");
        return made;
    }

    /// One of the route's own, by its reference.
    std::string new_reservation() const {
        const std::string name(route_.name);
        auto json = *example_of("ReserveStock", "request");
        json["reference"] = name;
        const auto line = "curl -s " + target("/v1/reservations") + with_key + with_json +
                          with_idempotency_key(name + "-reservation") + " \\\n     -d " +
                          quoted(json.dump());
        return set("ID", line, ".reservation_id");
    }

    /// One of the route's own, which is opened once; paid, where its example says so.
    std::string new_checkout() const {
        const std::string name(route_.name);
        auto json = *example_of("OpenCheckout", "request");
        json["offer_id"] = "@ID@";
        if (example_of(name, "paid") != nullptr)
            json["pay"] = {{"method", "credit_card"}, {"card_token", "tok_approved_docs"}};
        const auto line = "curl -s " + target("/v1/checkouts") + with_key + with_json +
                          with_idempotency_key(name + "-checkout") + " \\\n     -d " +
                          quoted(json.dump());
        const bool has_bump = example_of(name, "bump") != nullptr;
        return new_offer_to_sell(name) + (has_bump ? new_bump(name) : "") +
               set("C", line, ".checkout_id") + set("N", line, ".position") + "ID=$C\n";
    }

    /// Of the offer, published and known.
    static std::string new_bump(const std::string& name) {
        const auto offer = "/v1/offers/$ID";
        const auto put = "curl -s -X PUT " + target(std::string(offer) + "/bumps/capa") + with_key +
                         with_json + with_idempotency_key(name + "-bump") + " -d " +
                         quoted(R"({"product_id":"@P@"})");
        const auto publish = "curl -s -X POST " + target(std::string(offer) + "/revisions") +
                             with_key + with_idempotency_key(name + "-revision");
        const auto ask = "curl -s " + target(std::string(offer) + "/bumps/evaluate?at_least=$N") +
                         with_key + with_json + R"( -d '{"cart":{}}')";
        return new_product(name + "-bumped", "P") + set("N", put, ".position") +
               set("N", publish, ".position") + set("Q", ask, ".revision");
    }

    /// Of the route's own name, so that what one ends is there for another.
    std::string new_price_list() const {
        const std::string name(route_.name);
        auto json = *example_of("SetPriceList", "request");
        put_product(json);
        const auto line = "curl -s -X PUT " + target("/v1/price-lists/" + name) + with_key +
                          with_json + with_idempotency_key(name + "-price-list") + " \\\n     -d " +
                          quoted(json.dump());
        return new_product(name + "-listed", "P") + set("N", line, ".position");
    }

    std::string body_of() {
        const auto* request = example_of(route_.name, "request");
        if (request == nullptr) return {};
        auto json = *request;
        if (route_.command == nullptr && json.contains("offer_id")) {
            json["offer_id"] = "@ID@";
            put_product(json);
            before_ += new_offer_to_ask_about(route_.name);
        } else if (json.contains("offer_id")) {
            json["offer_id"] = "@ID@";
            before_ += new_offer_to_sell(route_.name);
        } else if (put_product(json)) {
            // A product that is in no offer yet.
            before_ += new_product(std::string(route_.name) + "-other", "P");
        }
        if (const auto ids = json.find("ids"); ids != json.end()) {
            *ids = {"@ID@"};
            before_ += oldest("offer", "ID");
        }
        if (json.contains("into")) {
            json["into"] = "@P@";
            before_ += new_customer("P", "-other");
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
    std::string only_with_;  // a variable without which there is nothing to do
    bool has_id_ = false;    // what is done before has set ID
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
