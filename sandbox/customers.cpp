#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/credentials.hpp"
#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/past_sales.hpp"
#include "sandbox/sales.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

// source, crm_id and last_crm_sync are not attested, but what a seller's own system is known by:
// every mode keeps them.
constexpr std::array<std::string_view, 22> attested{
    "id",
    "name",
    "email",
    "phone",
    "tags",
    "document",
    "document_type",
    "cpf",
    "birth_date",
    "gender",
    "organization_id",
    "address",
    "metadata",
    "status",
    "total_spent",
    "total_orders",
    "created_at",
    "updated_at",
    "source",
    "crm_id",
    "last_crm_sync",
    "idempotency_key"
};
constexpr std::array<Alias, 4> aliases{{
    {"documentType", "document_type"},
    {"birthDate", "birth_date"},
    {"crmId", "crm_id"},
    {"lastCrmSync", "last_crm_sync"},
}};
constexpr std::array<std::string_view, 4> handled_apart{
    "total_spent", "total_orders", "organization_id", "idempotency_key"
};
constexpr std::array<std::string_view, 4> states{"active", "inactive", "suspended", "deleted"};
constexpr std::array<std::string_view, 2> document_types{"cpf", "cnpj"};
constexpr std::array<std::string_view, 4> genders{"male", "female", "other", "prefer_not_to_say"};
constexpr std::size_t longest_tag = 50;

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos &&
           text.find_first_of(" \t\r\n") == std::string_view::npos;
}

bool is_tag(const Json& tag) {
    if (!tag.is_string()) return false;
    const auto& text = tag.get_ref<const std::string&>();
    return !text.empty() && text.size() <= longest_tag && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

void read_customer(Call& call, bool creates, FieldErrors& errors) {
    auto& body = call.body;
    use_attested_names(body, {attested, aliases}, call.world.strict, "", errors);
    Checker check(body, "", errors);
    if (creates) {
        check.require("name");
        check.require("email");
    }
    check.text("name", 2, 100);
    check.text("email", 3, 255);
    check.text("phone", 0, 20);
    check.text("document", 0, 20);
    check.one_of("document_type", document_types);
    check.one_of("gender", genders);
    check.one_of("status", states);
    check.object("address");
    check.object("metadata");
    check.list("tags");
    if (const auto* email = check.find("email"); email && email->is_string()) {
        auto text = lower_case(email->get<std::string>());
        if (!is_email(text)) check.add("email", "must be an email", "invalid");
        body["email"] = std::move(text);
    }
    if (const auto* tags = check.find("tags"); tags && tags->is_array()) {
        if (!std::ranges::all_of(*tags, is_tag)) check.add("tags", "has what is no tag", "invalid");
    }
}

const Table& customers(const Call& call) {
    return call.world.state.table(Kind::customers);
}

/// The id of the customer with that address, stored or of the CSV.
std::optional<std::string> holder_of(const Call& call, std::string_view email) {
    if (email.empty()) return std::nullopt;
    if (const auto* row = customers(call).find_slug(call.space, email)) return row->id;
    const auto past = PastSales(call).customer_by_email(email);
    return past ? std::optional<std::string>(text_of(*past, "_id")) : std::nullopt;
}

std::expected<Json, Refusal> asked_customer(const Call& call) {
    auto customer = find_customer(call, call.args.front());
    if (!customer) return std::unexpected(not_found("Customer"));
    return *std::move(customer);
}

Refusal email_taken(const std::string& holder) {
    return conflict(
        "Customer with this email already exists",
        "email_exists",
        "email",
        holder,
        "Update the existing customer"
    );
}

Result create(Call& call) {
    FieldErrors errors;
    read_customer(call, true, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    if (const auto holder = holder_of(call, text_of(call.body, "email")))
        return std::unexpected(email_taken(*holder));
    auto customer = new_object(call);
    customer["organization_id"] = call.grant.organization;
    merge(customer, call.body, handled_apart);
    if (text_of(customer, "status").empty()) customer["status"] = "active";
    if (!customer.contains("tags")) customer["tags"] = Json::array();
    customer["total_spent"] = 0;
    customer["total_orders"] = 0;
    return store(call, Kind::customers, customer, 201);
}

Result update(Call& call) {
    auto customer = asked_customer(call);
    if (!customer) return std::unexpected(customer.error());
    FieldErrors errors;
    read_customer(call, false, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    const auto holder = holder_of(call, text_of(call.body, "email"));
    if (holder && *holder != text_of(*customer, "_id"))
        return std::unexpected(email_taken(*holder));
    merge(*customer, call.body, handled_apart);
    return store_changed(call, Kind::customers, *customer);
}

Result list(Call& call) {
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    PastSales past(call);
    return list_rows(call, Kind::customers, *filters, {past.customer_rows(), [&](const Row& row) {
                                                           return past.customer_text(row);
                                                       }});
}

Result get_by_email(Call& call) {
    const auto email = lower_case(call.args.front());
    if (const auto* row = customers(call).find_slug(call.space, email))
        return Reply{200, row->text};
    const auto past = PastSales(call).customer_by_email(email);
    if (!past) return std::unexpected(not_found("Customer"));
    return Reply{200, past->dump()};
}

Json with_products(const Call& call, Json order) {
    for (auto& item : order["items"]) {
        const auto* product =
            call.world.state.table(Kind::products).find(call.space, text_of(item, "product_id"));
        item["product"] = product ? load(*product) : Json();
    }
    return order;
}

Json metrics_of(const Call& call, const std::string& customer) {
    const auto sales = sales_of(call, customer);
    auto metrics = Json::object();
    metrics["customer_id"] = customer;
    metrics["lifetime_value"] = sales.spent;
    metrics["average_order_value"] = sales.orders == 0 ? 0 : sales.spent / sales.orders;
    metrics["purchase_frequency"] = orders_in_30_days(sales, call.now());
    metrics["churn_probability"] = churn_probability(sales, call.now());
    metrics["segment_evolution"] = Json::array();
    for (const auto& [time, segment] : segments_over_time(sales)) {
        metrics["segment_evolution"].push_back({{"date", format_time(time)}, {"segment", segment}});
    }
    metrics["total_spent"] = sales.spent;
    metrics["total_orders"] = sales.orders;
    metrics["first_purchase_at"] = sales.each.empty() ? Json() : Json(format_time(sales.first()));
    metrics["last_purchase_at"] = sales.each.empty() ? Json() : Json(format_time(sales.last()));
    metrics["days_since_last_purchase"] =
        sales.each.empty() ? Json() : Json(days_between(sales.last(), call.now()));
    return metrics;
}

Result get(Call& call) {
    auto found = asked_customer(call);
    if (!found) return std::unexpected(found.error());
    auto& customer = *found;
    const std::string id(text_of(customer, "_id"));
    for (const auto part : listed(call, "include")) {
        if (part.starts_with("orders")) {
            customer["orders"] = Json::array();
            for (auto& order : orders_of(call, id))
                customer["orders"].push_back(with_products(call, std::move(order)));
        }
        if (part == "analytics") customer["analytics"] = metrics_of(call, id);
        if (part == "segments") {
            customer["segments"] = Json::array({segment_of(sales_of(call, id).orders)});
        }
    }
    return Reply{200, customer.dump()};
}

Result metrics(Call& call) {
    const auto customer = asked_customer(call);
    if (!customer) return std::unexpected(customer.error());
    const std::string id(text_of(*customer, "_id"));
    auto all = metrics_of(call, id);
    const auto include = listed(call, "include");
    if (include.empty()) return Reply{200, all.dump()};
    auto some = Json::object({{"customer_id", id}});
    for (const auto part : include) {
        if (const auto* value = member(all, part)) some[std::string(part)] = *value;
    }
    return Reply{200, some.dump()};
}

constexpr std::array routes{
    Route{"POST", "/customers", create},
    Route{"GET", "/customers", list, Access::tenant, true},
    Route{"GET", "/customers/email/{email}", get_by_email},
    Route{"GET", "/customers/{id}", get},
    Route{"PUT", "/customers/{id}", update},
    Route{"PATCH", "/customers/{id}", update, Access::tenant, true},
    Route{"PATCH", "/customers/{id}/status", update},
    Route{"GET", "/customers/{id}/metrics", metrics},
};

}  // namespace

std::span<const Route> customer_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
