#include "projections/sales/checkout_order.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::projections {
namespace {

using Json = nlohmann::json;

std::optional<std::string> text_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

events::OrderLine line_of(const Json& quoted) {
    events::OrderLine line;
    line.product_id =
        text_in(quoted, "product_id").value_or(quoted.value("clubify_product_id", std::string()));
    line.sku = text_in(quoted, "sku");
    line.name = text_in(quoted, "name");
    line.quantity = quoted.value("quantity", std::int64_t{1});
    line.amount_cents = quoted.value("total_cents", std::int64_t{});
    return line;
}

events::OrderLine interest(std::int64_t cents) {
    events::OrderLine line;
    line.quantity = 1;
    line.amount_cents = cents;
    line.kind = "interest";
    return line;
}

}  // namespace

events::OrderRecorded order_of(const events::CheckoutCompleted& completed, Timestamp at) {
    events::OrderRecorded order;
    order.order_id = completed.clubify_order_id.str();
    order.told_by = "checkout";
    order.status = "completed";
    order.placed_at = at;
    order.settled_at = at;
    order.currency = completed.currency;
    order.total_cents = completed.total_cents;
    if (completed.clubify_offer_id) order.offer_id = completed.clubify_offer_id->str();
    if (completed.customer_id) order.customer_id = events::CustomerId(*completed.customer_id);
    if (completed.clubify_customer_id)
        order.clubify_customer_id = ClubifyId(*completed.clubify_customer_id);
    order.payment_method = completed.payment_method;
    if (!completed.utm.empty()) {
        const auto utm = Json::parse(completed.utm.text);
        order.source = text_in(utm, "source");
        order.medium = text_in(utm, "medium");
        order.campaign = text_in(utm, "campaign");
    }
    if (completed.quote.empty()) return order;
    const auto quote = Json::parse(completed.quote.text);
    order.shipping_cents = quote.value("shipping_cents", std::int64_t{});
    const auto lines = quote.find("lines");
    if (lines == quote.end()) return order;
    auto left = order.total_cents - order.shipping_cents;
    for (const auto& line : *lines) {
        order.lines.push_back(line_of(line));
        left -= order.lines.back().amount_cents;
    }
    if (left < 0) order.discount_cents = -left;
    if (left > 0) order.lines.push_back(interest(left));
    return order;
}

std::optional<GivenBack> given_back(const events::CheckoutEvent& event) {
    if (const auto* refund = std::get_if<events::RefundDone>(&event))
        if (refund->clubify_order_id)
            return GivenBack{*refund->clubify_order_id, refund->amount_cents, refund->lines};
    if (const auto* ended = std::get_if<events::DisputeEnded>(&event))
        if (!ended->won && ended->clubify_order_id)
            return GivenBack{*ended->clubify_order_id, ended->amount_cents};
    return std::nullopt;
}

events::OrderRecorded with_refund(events::OrderRecorded order, const GivenBack& given_back) {
    order.refunded_cents = order.refunded_cents.value_or(0) + given_back.amount_cents;
    for (const auto& part : given_back.lines) {
        const auto place = static_cast<std::size_t>(part.line);
        if (place >= order.lines.size()) continue;
        auto& refunded = order.lines[place].refunded_cents;
        refunded = refunded.value_or(0) + part.amount_cents;
    }
    return order;
}

}  // namespace vitrine::projections
