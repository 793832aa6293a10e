#include "commands/webhooks/named_customer.hpp"

#include "commands/json.hpp"
#include "commands/webhooks/members.hpp"
#include "core/email_address.hpp"

namespace vitrine::commands {
namespace {

/// What stands for the customer: an object of their own, or the payload of an event about them.
const Json& customer_in(const Json& body) {
    const auto& data = part(body, "data");
    const auto event = any_text(body, {"event", "type"});
    if (event && event->starts_with("customer.")) return data;
    for (const auto* place : {&data, &part(data, "order")}) {
        const auto& customer = part(*place, "customer");
        if (customer.is_object() && !customer.empty()) return customer;
    }
    return part(data, "customer");
}

}  // namespace

NamedCustomer named_customer(std::string_view raw_body) {
    const auto body = Json::parse(raw_body, nullptr, false);
    if (!body.is_object()) return {};
    const auto& data = part(body, "data");
    const auto& customer = customer_in(body);
    NamedCustomer named;
    auto id = id_in(customer, {"id", "_id", "customerId", "customer_id"});
    if (!id) id = id_in(data, {"customerId", "customer_id"});
    if (id) named.clubify_id.emplace(*std::move(id));
    auto email = any_text(customer, {"email"});
    if (!email) email = any_text(data, {"customerEmail", "customer_email"});
    if (email) named.email = email_address(*email);
    return named;
}

}  // namespace vitrine::commands
