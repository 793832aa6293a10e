#include "api/http/quote_question.hpp"

#include <cmath>

#include "commands/json.hpp"
#include "commands/time_in.hpp"

namespace vitrine::api {

using Json = nlohmann::ordered_json;
using rules::prices::Item;
using rules::prices::Question;

namespace {

constexpr std::int64_t most_quantity = 1'000'000, most_cents = 1'000'000'000'000,
                       most_payments = 24;

/// What the schema has refused counts as not given: the rest is looked at all the same.
bool has(const Json& json, const char* name, bool (*is_right)(const Json&)) {
    if (!json.is_object()) return false;
    const auto found = json.find(name);
    return found != json.end() && is_right(*found);
}

std::optional<std::string> text_in(const Json& json, const char* name) {
    if (!has(json, name, [](const Json& value) { return value.is_string(); })) return std::nullopt;
    return commands::text_member(json, name);
}

std::optional<std::int64_t> number_in(
    const Json& json, const char* name, std::int64_t least, std::int64_t most
) {
    const auto is_within = [](const Json& value) {
        constexpr double any = 1e18;
        return value.is_number() && std::abs(value.get<double>()) < any;
    };
    if (!has(json, name, is_within)) return std::nullopt;
    const auto number = commands::integer_member(json, name);
    return number && *number >= least && *number <= most ? number : std::nullopt;
}

Item item_of(const Json& json) {
    Item item;
    if (const auto id = text_in(json, "product_id")) item.product_id = ProductId(*id);
    item.sku = text_in(json, "sku");
    item.quantity = number_in(json, "quantity", 1, most_quantity).value_or(1);
    return item;
}

}  // namespace

Question question_of(const Json& body, Timestamp now, std::vector<Fault>& faults) {
    Question question;
    question.offer_id = OfferId(text_in(body, "offer_id").value_or(""));
    if (const auto items = body.find("items"); items != body.end() && items->is_array()) {
        for (const auto& each : *items) question.items.push_back(item_of(each));
    }
    question.customer_id = text_in(body, "customer_id");
    question.coupon = text_in(body, "coupon");
    question.payment_method = text_in(body, "payment_method");
    question.installments = number_in(body, "installments", 1, most_payments);
    question.shipping_cents = number_in(body, "shipping_cents", 0, most_cents);
    question.at = commands::time_in(text_in(body, "at"), "/at", faults).value_or(now);
    return question;
}

}  // namespace vitrine::api
