#include "projections/sales/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <stdexcept>
#include <tuple>

namespace vitrine::projections {
namespace {

enum Rank : std::int64_t { untold, of_payment, of_creation, of_settlement };

void keep_first(std::string& into, std::string&& from) {
    if (into.empty()) into = std::move(from);
}

/// The platform gave the delivery no id that a retry would have kept.
bool is_anonymous(std::string_view delivery_id) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t digest_size = 64;
    return delivery_id.empty() || delivery_id.starts_with("told-") ||
           (delivery_id.size() == digest_size &&
            delivery_id.find_first_not_of(digits) == std::string_view::npos);
}

std::string mark_of(const OrderTold& told) {
    if (!told.refund.refund_id.empty()) return {};
    if (told.refund.so_far) return "so far " + std::to_string(*told.refund.so_far);
    if (!told.changed_at.empty()) return "changed " + told.changed_at;
    if (!is_anonymous(told.delivery_id)) return "delivery " + told.delivery_id;
    return {};
}

void note_refund(SoldOrder& order, bool by_payment, OrderTold&& told) {
    told.refund.cents = told.cents;
    told.refund.mark = mark_of(told);
    told.refund.currency = std::move(told.currency);
    auto refund = std::move(told.refund);
    if (by_payment) refund.payment = std::move(told.payment_id);
    if (std::ranges::find(order.refunds, refund) == order.refunds.end())
        order.refunds.push_back(std::move(refund));
}

void note_currency(SoldOrder& order, std::int64_t rank, std::int64_t at, const std::string& told) {
    if (told.empty()) return;
    const auto known = std::tuple(-order.currency_rank, order.currency_at, order.currency);
    if (order.currency_rank != untold && known <= std::tuple(-rank, at, told)) return;
    order.currency_rank = rank;
    order.currency_at = at;
    order.currency = told;
}

// Fields are parted by tabs, movements by line ends: neither stands in an id.

std::string optional_text(const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : std::string();
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    if (text.empty()) return std::nullopt;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) throw std::runtime_error("a movement of an order is no number");
    return number;
}

std::string without_separators(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\t' || c == '\n'; }, ' ');
    return text;
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (const auto field : std::views::split(line, '\t')) fields.emplace_back(field);
    return fields;
}

}  // namespace

OrderTold read_order_told(Payload& payload, const events::RecordedEvent& event) {
    OrderTold told;
    for (auto field : payload.open(event)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "order_id") {
            told.order_id = text_of(value);
        } else if (name == "payment_id") {
            told.payment_id = text_of(value);
        } else if (name == "clubify_offer_id") {
            told.clubify_offer_id = text_of(value);
        } else if (name == "currency") {
            told.currency = text_of(value);
        } else if (name == "source") {
            told.source = text_of(value);
        } else if (name == "medium") {
            told.medium = text_of(value);
        } else if (name == "campaign") {
            told.campaign = text_of(value);
        } else if (name == "delivery_id") {
            told.delivery_id = text_of(value);
        } else if (name == "refund_id") {
            told.refund.refund_id = text_of(value);
        } else if (name == "changed_at") {
            told.changed_at = without_separators(std::string(text_of(value)));
        } else if (name == "refunded_total_cents") {
            told.refund.so_far = number_of(value);
        } else if (name == "amount_cents") {
            told.cents = number_of(value);
        } else if (name == "sent_at") {
            const auto time = parse_time(text_of(value));
            if (!time) throw std::runtime_error("sent_at is no time");
            told.sent_at = *time;
        }
    }
    return told;
}

bool SoldOrder::counts_in(std::string_view told_currency) const {
    return told_currency.empty() || currency.empty() || told_currency == currency;
}

Payments SoldOrder::paid() const {
    Payments paid;
    for (const auto& [told_currency, by_id] : payments) {
        for (const auto& [payment, cents] : by_id) {
            auto& most = paid[payment];
            if (counts_in(told_currency)) most = std::max(most, cents);
        }
    }
    return paid;
}

std::int64_t SoldOrder::amount_cents() const {
    OwnAmount own;
    for (const auto& [told_currency, amount] : own_amounts) {
        if (counts_in(told_currency)) own = std::max(own, amount);
    }
    if (own.rank == of_settlement) return own.cents;
    std::int64_t sum = 0;
    for (const auto& [payment, cents] : paid()) sum += cents;
    return sum > 0 ? sum : own.cents;
}

std::int64_t SoldOrder::refunded_cents() const {
    auto same_currency = refunds;
    std::erase_if(same_currency, [this](const RefundTold& refund) {
        return !counts_in(refund.currency);
    });
    return projections::refunded_cents(amount_cents(), paid(), same_currency);
}

std::size_t SoldOrder::bytes() const {
    constexpr std::size_t node = 96;
    auto size = sizeof(SoldOrder) + clubify_offer_id.size() + source.size() + medium.size() +
                campaign.size() + node * own_amounts.size();
    for (const auto& refund : refunds)
        size +=
            sizeof refund + refund.payment.size() + refund.refund_id.size() + refund.mark.size();
    for (const auto& [told_currency, by_id] : payments) size += node * (1 + by_id.size());
    return size;
}

std::string SoldOrder::movements() const {
    auto text = fmt::format("currency\t{}\t{}\n", currency_rank, currency_at);
    for (const auto& [told, own] : own_amounts)
        text += fmt::format("told\t{}\t{}\t{}\t{}\n", told, own.rank, own.at, own.cents);
    for (const auto& [told, by_id] : payments) {
        for (const auto& [payment, cents] : by_id)
            text += fmt::format("paid\t{}\t{}\t{}\n", told, payment, cents);
    }
    for (const auto& refund : refunds) {
        text += fmt::format(
            "refunded\t{}\t{}\t{}\t{}\t{}\t{}\n",
            refund.payment,
            optional_text(refund.cents),
            optional_text(refund.so_far),
            refund.refund_id,
            refund.mark,
            refund.currency
        );
    }
    return text;
}

void SoldOrder::read_movements(std::string_view text) {
    const auto number = [](std::string_view field) { return number_in(field).value_or(0); };
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto fields = fields_of(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (fields[0] == "currency") {
            currency_rank = number(fields.at(1));
            currency_at = number(fields.at(2));
        } else if (fields[0] == "told") {
            own_amounts[std::string(fields.at(1))] = {
                number(fields.at(2)), number(fields.at(3)), number(fields.at(4))
            };
        } else if (fields[0] == "paid") {
            payments[std::string(fields.at(1))][std::string(fields.at(2))] = number(fields.at(3));
        } else if (fields[0] == "refunded") {
            refunds.push_back(
                {std::string(fields.at(1)),
                 number_in(fields.at(2)),
                 number_in(fields.at(3)),
                 std::string(fields.at(4)),
                 std::string(fields.at(5)),
                 std::string(fields.at(6))}
            );
        }
    }
}

void fold(SoldOrder& order, std::string_view type, OrderTold told) {
    const bool payment = type.starts_with("ClubifyPayment");
    const auto sent = told.sent_at.time_since_epoch().count();
    keep_first(order.clubify_offer_id, std::move(told.clubify_offer_id));
    keep_first(order.source, std::move(told.source));
    keep_first(order.medium, std::move(told.medium));
    keep_first(order.campaign, std::move(told.campaign));
    if (type.ends_with("Refunded")) return note_refund(order, payment, std::move(told));
    const bool settled = type != "ClubifyOrderCreated" && type != "ClubifyOrderCancelled";
    const auto own_rank = settled ? of_settlement : of_creation;
    note_currency(order, payment ? of_payment : own_rank, sent, told.currency);
    if (type == "ClubifyOrderCancelled") {
        order.cancelled = true;
        return;
    }
    if (settled) {
        order.counted_at = order.counted_at == 0 ? sent : std::min(order.counted_at, sent);
    }
    if (payment) {
        auto& paid = order.payments[std::move(told.currency)][std::move(told.payment_id)];
        paid = std::max(paid, told.cents.value_or(0));
    } else if (told.cents) {
        auto& own = order.own_amounts[std::move(told.currency)];
        own = std::max(own, OwnAmount{own_rank, sent, *told.cents});
    }
}

}  // namespace vitrine::projections
