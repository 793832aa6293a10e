#include "commands/adoption/adopted_order.hpp"

#include <algorithm>
#include <array>

#include "commands/plain_id.hpp"

namespace vitrine::commands {
namespace {

template <std::size_t Size>
bool is_one_of(const std::string& text, const std::array<std::string_view, Size>& words) {
    return std::ranges::find(words, text) != words.end();
}

bool was_cancelled(const clubify::ListedOrder& order) {
    constexpr std::array<std::string_view, 2> words{"cancelled", "canceled"};
    return is_one_of(order.status, words);
}

bool was_given_back(const clubify::ListedOrder& order) {
    return order.status == "refunded" || order.payment_status == "refunded";
}

/// What is said of the payment counts; where nothing is, what comes after a payment does.
bool is_paid(const clubify::ListedOrder& order) {
    constexpr std::array<std::string_view, 3> paid{"paid", "refunded", "partially_refunded"};
    constexpr std::array<std::string_view, 8> after_payment{
        "completed",
        "processing",
        "shipped",
        "partially_shipped",
        "delivered",
        "returned",
        "exchanged",
        "refunded"
    };
    if (was_cancelled(order)) return false;
    if (!order.payment_status.empty()) return is_one_of(order.payment_status, paid);
    return is_one_of(order.status, after_payment);
}

std::optional<std::int64_t> given_back(const clubify::ListedOrder& order) {
    if (order.refunded_cents && *order.refunded_cents != 0) return order.refunded_cents;
    return was_given_back(order) ? std::optional(order.total_cents) : std::nullopt;
}

events::OrderLine line_of(const clubify::ListedOrderLine& line) {
    events::OrderLine result;
    result.product_id = line.product.str();
    if (line.offer) result.offer_id = line.offer->str();
    result.sku = line.sku;
    result.name = line.name;
    result.quantity = line.quantity;
    result.amount_cents = line.amount_cents;
    result.kind = line.kind;
    return result;
}

bool is_currency(std::string_view text) {
    return text.size() == 3 &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::expected<events::OrderRecorded, Phrase> adopted_order(
    const clubify::ListedOrder& order, const OurIds& ours
) {
    if (!is_plain_id(order.id))
        return std::unexpected(Phrase(
            "its id has blanks or other characters that an id does not have",
            "o id tem espaços ou outros caracteres que um id não tem"
        ));
    if (!is_currency(order.currency))
        return std::unexpected(Phrase("its currency is not one", "a moeda não é uma"));
    events::OrderRecorded recorded;
    recorded.order_id = order.id;
    recorded.told_by = adoption_teller;
    recorded.status = order.status;
    recorded.placed_at = order.placed_at;
    if (is_paid(order)) recorded.settled_at = order.completed_at.value_or(order.placed_at);
    recorded.currency = order.currency;
    recorded.total_cents = order.total_cents;
    recorded.discount_cents = order.discount_cents;
    recorded.shipping_cents = order.shipping_cents;
    recorded.refunded_cents = given_back(order);
    for (const auto& line : order.lines) recorded.lines.push_back(line_of(line));
    if (order.offer) recorded.offer_id = order.offer->str();
    recorded.clubify_customer_id = order.customer;
    if (order.customer) {
        const auto known = ours.customers.find(*order.customer);
        if (known != ours.customers.end()) recorded.customer_id = known->second;
    }
    recorded.payment_method = order.payment_method;
    recorded.source = order.source;
    recorded.medium = order.medium;
    recorded.campaign = order.campaign;
    return recorded;
}

}  // namespace vitrine::commands
