#include "projections/sales/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <stdexcept>
#include <tuple>

#include "core/money.hpp"
#include "events/codec.hpp"
#include "events/orders.hpp"

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
    told.refund.lines = std::move(told.lines);
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

void keep_earlier(std::int64_t& time, std::int64_t other) {
    if (other != 0 && (time == 0 || other < time)) time = other;
}

std::int64_t rank_of(const WholeOrder& whole) {
    return whole.settled_at != 0 ? of_settlement : of_creation;
}

std::int64_t time_of(const WholeOrder& whole) {
    return whole.settled_at != 0 ? whole.settled_at : whole.placed_at;
}

/// nullptr: there is none.
const WholeOrder* last_of(const std::map<std::string, WholeOrder>& wholes) {
    const WholeOrder* last = nullptr;
    for (const auto& [teller, whole] : wholes) {
        if (last == nullptr ||
            std::pair(rank_of(*last), time_of(*last)) < std::pair(rank_of(whole), time_of(whole)))
            last = &whole;
    }
    return last;
}

/// `whole` by weight; all of it is the first one's where nothing has any.
std::vector<std::int64_t> shares_of(std::int64_t whole, const std::vector<std::int64_t>& weights) {
    std::vector<Part> parts;
    for (const auto weight : weights) parts.push_back({weight, std::nullopt});
    if (auto shares = allocate(whole, parts)) return *std::move(shares);
    std::vector<std::int64_t> shares(weights.size(), 0);
    shares.front() = whole;
    return shares;
}

/// What the order comes to by offer, and what its lines say of the whole.
void divide(OrderSum& sum, const std::string& offer) {
    const auto lines = read_line_money(sum.lines);
    std::vector<std::string> offers;
    std::vector<std::int64_t> sold, returned;  // by offer
    std::int64_t all = 0;
    bool only_returns = !lines.empty();
    for (const auto& line : lines) {
        const auto& name = line.offer.empty() ? offer : line.offer;
        const auto place =
            static_cast<std::size_t>(std::ranges::find(offers, name) - offers.begin());
        if (place == offers.size()) {
            offers.push_back(name);
            sold.push_back(0);
            returned.push_back(0);
        }
        all += line.amount_cents;
        (line.amount_cents < 0 ? returned : sold)[place] += std::abs(line.amount_cents);
        if (line.quantity >= 0) only_returns = false;
    }
    if (offers.empty()) {
        offers.push_back(offer);
        sold.push_back(0);
        returned.push_back(0);
    }
    for (const auto cents : returned) sum.returned_cents += cents;
    sum.is_return = sum.total_cents < 0 || (only_returns && sum.total_cents == 0);
    if (!lines.empty())
        sum.unexplained_cents = sum.total_cents - (all + sum.shipping_cents - sum.discount_cents);
    const auto revenue = std::max<std::int64_t>(0, sum.total_cents + sum.returned_cents);
    const auto revenues = shares_of(revenue, sold);
    const auto refunds = shares_of(sum.refunded_cents, revenues);
    const auto returns = shares_of(revenue - sum.total_cents, returned);
    for (std::size_t i = 0; i < offers.size(); ++i)
        sum.parts.push_back({offers[i], revenues[i], refunds[i] + returns[i]});
}

std::string status_of(const OrderSum& sum, bool completed, const std::string& told) {
    if (sum.cancelled) return "cancelled";
    if (sum.counted_at == 0) return told.empty() ? "pending" : told;
    if (sum.is_return) return "returned";
    if (sum.total_cents > 0 && sum.refunded_cents >= sum.total_cents) return "refunded";
    if (completed) return "completed";
    return told.empty() ? "paid" : told;
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
        } else if (name == "placed_at") {
            told.placed_at = parse_time(text_of(value));
            if (!told.placed_at) throw std::runtime_error("placed_at is no time");
        } else if (name == "clubify_customer_id") {
            told.clubify_customer_id = text_of(value);
        } else if (name == "payment_method") {
            told.payment_method = without_separators(std::string(text_of(value)));
        } else if (name == "lines") {
            told.lines = raw_of(value);
        } else if (name == "discount_cents") {
            told.discount_cents = number_of(value);
        } else if (name == "shipping_cents") {
            told.shipping_cents = number_of(value);
        }
    }
    return told;
}

/// What is known of the order's money, as far as it is of its currency.
struct SoldOrder::Money {
    std::string currency;
    OwnAmount own;
    Payments paid;
    std::vector<RefundTold> refunds;

    std::int64_t total() const {
        if (own.rank == of_settlement) return own.cents;
        std::int64_t sum = 0;
        for (const auto& [payment, cents] : paid) sum += cents;
        return sum > 0 ? sum : own.cents;
    }
    std::int64_t refunded() const {
        const auto most = std::max<std::int64_t>(total(), 0);
        return projections::refunded_cents(most, paid, refunds);
    }
};

SoldOrder::Money SoldOrder::money() const {
    Money money;
    auto first = std::tuple(-currency_rank, currency_at, currency);
    for (const auto& [teller, whole] : wholes)
        first = std::min(first, std::tuple(-rank_of(whole), time_of(whole), whole.currency));
    money.currency = std::get<std::string>(first);
    const auto counts = [&](std::string_view told) {
        return told.empty() || money.currency.empty() || told == money.currency;
    };
    for (const auto& [told, amount] : own_amounts) {
        if (counts(told)) money.own = std::max(money.own, amount);
    }
    for (const auto& [told, by_id] : payments) {
        for (const auto& [payment, cents] : by_id) {
            auto& most = money.paid[payment];
            if (counts(told)) most = std::max(most, cents);
        }
    }
    std::ranges::copy_if(refunds, std::back_inserter(money.refunds), counts, &RefundTold::currency);
    for (const auto& [teller, whole] : wholes) {
        if (!counts(whole.currency)) continue;
        money.own = std::max(money.own, {rank_of(whole), time_of(whole), whole.total_cents});
        if (whole.refunded_cents.value_or(0) > 0) {
            auto& refund = money.refunds.emplace_back();
            refund.so_far = whole.refunded_cents;
            refund.currency = whole.currency;
        }
    }
    return money;
}

OrderSum SoldOrder::sum() const {
    const auto money = this->money();
    const auto* whole = last_of(wholes);
    OrderSum sum;
    sum.currency = money.currency;
    sum.total_cents = money.total();
    sum.refunded_cents = money.refunded();
    sum.told_by = told_by;
    sum.cancelled = cancelled;
    sum.placed_at = placed_at;
    sum.counted_at = counted_at;
    for (const auto& [teller, each] : wholes) {
        sum.cancelled = sum.cancelled || each.is_cancelled();
        keep_earlier(sum.placed_at, each.placed_at);
        keep_earlier(sum.counted_at, each.settled_at);
    }
    auto best = contents;
    for (const auto& [teller, each] : wholes) {
        Contents other{
            rank_of(each), time_of(each), each.discount_cents, each.shipping_cents, each.lines
        };
        const auto value = [](const Contents& of) { return std::tuple(!of.lines.empty(), of); };
        if (value(best) < value(other)) best = std::move(other);
    }
    sum.discount_cents = best.discount_cents;
    sum.shipping_cents = best.shipping_cents;
    sum.lines = std::move(best.lines);
    const WholeOrder nothing;
    const auto& told = whole == nullptr ? nothing : *whole;
    const auto or_else = [](const std::string& one, const std::string& other) {
        return one.empty() ? other : one;
    };
    const bool has_tags = !source.empty() || !medium.empty() || !campaign.empty();
    sum.source = has_tags ? source : told.source;
    sum.medium = has_tags ? medium : told.medium;
    sum.campaign = has_tags ? campaign : told.campaign;
    sum.payment_method = or_else(payment_method, told.payment_method);
    sum.customer_id = told.customer_id;
    sum.clubify_customer_id = or_else(clubify_customer_id, told.clubify_customer_id);
    divide(sum, or_else(clubify_offer_id, told.offer));
    sum.gave_back =
        !refunds.empty() || !money.refunds.empty() || sum.returned_cents > 0 || sum.is_return;
    sum.status = status_of(sum, completed, told.status);
    return sum;
}

std::size_t SoldOrder::bytes() const {
    constexpr std::size_t node = 96;
    auto size = sizeof(SoldOrder) + clubify_offer_id.size() + source.size() + medium.size() +
                campaign.size() + contents.lines.size() + node * own_amounts.size();
    for (const auto& refund : refunds)
        size += sizeof refund + refund.payment.size() + refund.refund_id.size() +
                refund.mark.size() + refund.lines.size();
    for (const auto& [told_currency, by_id] : payments) size += node * (1 + by_id.size());
    for (const auto& [teller, whole] : wholes) size += node + whole.bytes();
    return size;
}

std::string SoldOrder::movements() const {
    auto text = fmt::format("currency\t{}\t{}\t{}\n", currency_rank, currency_at, currency);
    text += fmt::format("settled\t{}\t{}\t{}\n", counted_at, cancelled ? 1 : 0, completed ? 1 : 0);
    text += fmt::format("placed\t{}\n", placed_at);
    text += fmt::format("tags\t{}\t{}\t{}\t{}\n", clubify_offer_id, source, medium, campaign);
    text += fmt::format("buyer\t{}\t{}\n", clubify_customer_id, payment_method);
    if (contents.rank != untold)
        text += fmt::format(
            "contents\t{}\t{}\t{}\t{}\t{}\n",
            contents.rank,
            contents.at,
            contents.discount_cents,
            contents.shipping_cents,
            contents.lines
        );
    for (const auto& [teller, whole] : wholes) text += fmt::format("whole\t{}\n", whole.told);
    for (const auto& [told, own] : own_amounts)
        text += fmt::format("told\t{}\t{}\t{}\t{}\n", told, own.rank, own.at, own.cents);
    for (const auto& [told, by_id] : payments) {
        for (const auto& [payment, cents] : by_id)
            text += fmt::format("paid\t{}\t{}\t{}\n", told, payment, cents);
    }
    for (const auto& refund : refunds) {
        text += fmt::format(
            "refunded\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            refund.payment,
            optional_text(refund.cents),
            optional_text(refund.so_far),
            refund.refund_id,
            refund.mark,
            refund.currency,
            refund.lines
        );
    }
    return text;
}

void SoldOrder::read_movements(std::string_view text) {
    static thread_local Payload payload;
    const auto number = [](std::string_view field) { return number_in(field).value_or(0); };
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto fields = fields_of(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (fields[0] == "currency") {
            currency_rank = number(fields.at(1));
            currency_at = number(fields.at(2));
            currency = fields.at(3);
        } else if (fields[0] == "settled") {
            counted_at = number(fields.at(1));
            cancelled = number(fields.at(2)) != 0;
            completed = number(fields.at(3)) != 0;
        } else if (fields[0] == "placed") {
            placed_at = number(fields.at(1));
        } else if (fields[0] == "tags") {
            clubify_offer_id = fields.at(1);
            source = fields.at(2);
            medium = fields.at(3);
            campaign = fields.at(4);
        } else if (fields[0] == "buyer") {
            clubify_customer_id = fields.at(1);
            payment_method = fields.at(2);
        } else if (fields[0] == "contents") {
            contents = {
                number(fields.at(1)),
                number(fields.at(2)),
                number(fields.at(3)),
                number(fields.at(4)),
                std::string(fields.at(5))
            };
        } else if (fields[0] == "whole") {
            auto whole = read_whole_order(payload, fields.at(1));
            auto& place = wholes[whole.told_by];
            place = std::move(whole);
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
                 std::string(fields.at(6)),
                 std::string(fields.at(7))}
            );
        }
    }
}

void fold(SoldOrder& order, std::string_view type, OrderTold told) {
    const bool payment = type.starts_with("ClubifyPayment");
    const auto sent = told.sent_at.time_since_epoch().count();
    if (order.told_by.empty()) order.told_by = "webhook";
    keep_first(order.clubify_customer_id, std::move(told.clubify_customer_id));
    keep_first(order.payment_method, std::move(told.payment_method));
    keep_first(order.clubify_offer_id, std::move(told.clubify_offer_id));
    keep_first(order.source, without_separators(std::move(told.source)));
    keep_first(order.medium, without_separators(std::move(told.medium)));
    keep_first(order.campaign, without_separators(std::move(told.campaign)));
    if (type.ends_with("Refunded")) return note_refund(order, payment, std::move(told));
    const bool settled = type != "ClubifyOrderCreated" && type != "ClubifyOrderCancelled";
    const auto own_rank = settled ? of_settlement : of_creation;
    note_currency(order, payment ? of_payment : own_rank, sent, told.currency);
    keep_earlier(order.placed_at, told.placed_at.value_or(told.sent_at).time_since_epoch().count());
    if (!payment && !told.lines.empty())
        order.contents = std::max(
            order.contents,
            {own_rank, sent, told.discount_cents, told.shipping_cents, std::move(told.lines)}
        );
    if (type == "ClubifyOrderCancelled") {
        order.cancelled = true;
        return;
    }
    if (type == "ClubifyOrderCompleted") order.completed = true;
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

void fold(SoldOrder& order, WholeOrder told) {
    if (order.told_by.empty()) order.told_by = told.told_by;
    auto& whole = order.wholes[told.told_by];
    whole = std::move(told);
}

void fold(SoldOrder& order, const GivenBack& given_back, Payload& payload) {
    const auto whole = order.wholes.find("checkout");
    if (whole == order.wholes.end()) return;
    events::RecordedEvent told;
    told.type = events::OrderRecorded::event_type;
    told.schema = 1;
    told.data = whole->second.told;
    const auto before = events::decode<events::OrderRecorded>(told);
    const auto after = events::encode(with_refund(before.value(), given_back)).data;
    whole->second = read_whole_order(payload, after);
}

}  // namespace vitrine::projections
