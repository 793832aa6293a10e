#include "projections/sales/whole_order.hpp"

#include <stdexcept>

#include "core/time.hpp"

namespace vitrine::projections {
namespace {

std::int64_t microseconds_of(json::value value) {
    const auto time = parse_time(text_of(value));
    if (!time) throw std::runtime_error("a time of the order is no time");
    return time->time_since_epoch().count();
}

std::string* text_named(WholeOrder& order, std::string_view name) {
    struct Named {
        std::string_view name;
        std::string WholeOrder::* text;
    };
    static constexpr Named texts[] = {
        {"told_by", &WholeOrder::told_by},
        {"order_id", &WholeOrder::order_id},
        {"status", &WholeOrder::status},
        {"currency", &WholeOrder::currency},
        {"offer_id", &WholeOrder::offer},
        {"payment_method", &WholeOrder::payment_method},
        {"source", &WholeOrder::source},
        {"medium", &WholeOrder::medium},
        {"campaign", &WholeOrder::campaign},
        {"customer_id", &WholeOrder::customer_id},
        {"clubify_customer_id", &WholeOrder::clubify_customer_id},
    };
    for (const auto& each : texts) {
        if (each.name == name) return &(order.*each.text);
    }
    return nullptr;
}

}  // namespace

std::vector<LineMoney> read_line_money(std::string_view lines) {
    std::vector<LineMoney> read;
    if (lines.empty()) return read;
    static thread_local Payload payload;
    for (auto line : payload.open_array(lines)) {
        auto& money = read.emplace_back();
        for (auto field : object_of(line.value())) {
            const std::string_view name = field.unescaped_key();
            if (name == "offer_id") {
                money.offer = text_of(field.value());
            } else if (name == "quantity") {
                money.quantity = number_of(field.value());
            } else if (name == "amount_cents") {
                money.amount_cents = number_of(field.value());
            }
        }
    }
    return read;
}

WholeOrder read_whole_order(Payload& payload, std::string_view data) {
    WholeOrder order;
    order.told = data;
    for (auto field : payload.open(data)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (auto* text = text_named(order, name)) {
            *text = text_of(value);
        } else if (name == "placed_at") {
            order.placed_at = microseconds_of(value);
        } else if (name == "settled_at") {
            order.settled_at = microseconds_of(value);
        } else if (name == "total_cents") {
            order.total_cents = number_of(value);
        } else if (name == "discount_cents") {
            order.discount_cents = number_of(value);
        } else if (name == "shipping_cents") {
            order.shipping_cents = number_of(value);
        } else if (name == "refunded_cents") {
            order.refunded_cents = number_of(value);
        } else if (name == "lines") {
            const auto raw = raw_of(value);
            if (raw != "[]") order.lines = raw;
        }
    }
    return order;
}

}  // namespace vitrine::projections
