#include "gateways/clubify/customers.hpp"

#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/units.hpp"

namespace vitrine::clubify {
namespace {

JsonText body_of(const CustomerFields& fields) {
    JsonWriter writer;
    writer.maybe("name", fields.name)
        .maybe("email", fields.email)
        .maybe("phone", fields.phone)
        .maybe("document", fields.document)
        .maybe("document_type", fields.document_type)
        .texts_if("tags", fields.tags)
        .json_if("address", fields.address)
        .maybe("source", fields.source)
        .maybe("crm_id", fields.crm_id)
        .maybe("last_crm_sync", fields.last_crm_sync)
        .json_if("metadata", fields.metadata);
    return writer.done();
}

std::optional<RemoteCustomer> read_customer(const JsonText& answer) {
    Json json = read_document(answer);
    if (const Json* wrapped = find(json, {"customer"})) {
        Json inner = *wrapped;
        json = std::move(inner);
    }
    RemoteCustomer customer;
    customer.id = ClubifyId(text_of(json, {"_id", "id"}));
    if (customer.id.empty()) return std::nullopt;
    customer.name = text_of(json, {"name"});
    customer.email = text_of(json, {"email"});
    customer.phone = text_of(json, {"phone"});
    customer.status = text_of(json, {"status"});
    customer.tags = texts_of(json, {"tags"});
    customer.total_spent_cents = cents_of(json, {"total_spent", "totalSpent"});
    customer.total_orders = integer_of(json, {"total_orders", "totalOrders"});
    customer.segments = texts_of(json, {"segments"});
    customer.json = text_form(json);
    customer.mark = read_mark(customer.json);
    return customer;
}

std::optional<CustomerMetrics> read_metrics(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    CustomerMetrics metrics;
    metrics.lifetime_value_cents = cents_of(json, {"lifetime_value", "lifetimeValue"});
    metrics.average_order_value_cents =
        cents_of(json, {"average_order_value", "averageOrderValue"});
    metrics.total_orders = integer_of(json, {"total_orders", "totalOrders"});
    metrics.purchase_frequency = number_of(json, {"purchase_frequency", "purchaseFrequency"});
    metrics.churn_probability = fraction_of(json, {"churn_probability", "churnProbability"});
    if (const Json* list = find(json, {"segment_evolution", "segmentEvolution"})) {
        for (const Json& each : *list) {
            metrics.segment_evolution.push_back(
                {text_of(each, {"date"}), text_of(each, {"segment"})}
            );
        }
    }
    metrics.json = text_form(json);
    return metrics;
}

/// As the platform's own client writes it: an "@" stays.
std::string email_path(std::string_view email) {
    std::string path = "/customers/email/" + net::percent_encode(email);
    for (auto at = path.find("%40"); at != std::string::npos; at = path.find("%40", at)) {
        path.replace(at, 3, "@");
    }
    return path;
}

}  // namespace

Question<RemoteCustomer> find_customer_by_email(std::string_view email) {
    return {get_call(email_path(email)), read_customer};
}

Question<RemoteCustomer> create_customer(const CustomerFields& fields) {
    return {make_call("POST", "/customers", body_of(fields)), read_customer};
}

Question<RemoteCustomer> update_customer(const ClubifyId& id, const CustomerFields& fields) {
    return {make_call("PUT", path_of("customers", id), body_of(fields)), read_customer};
}

Question<RemoteCustomer> get_customer(
    const ClubifyId& id, const std::vector<std::string>& include
) {
    auto path = path_of("customers", id);
    add_query(path, "include", include);
    return {get_call(std::move(path)), read_customer};
}

Question<CustomerMetrics> customer_metrics(
    const ClubifyId& id, const std::vector<std::string>& include
) {
    auto path = path_of("customers", id, "/metrics");
    add_query(path, "include", include);
    return {get_call(std::move(path)), read_metrics};
}

}  // namespace vitrine::clubify
