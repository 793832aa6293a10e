#include "sandbox/sales.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"
#include "sandbox/past_sales.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::int64_t returning_orders = 2;
constexpr std::int64_t loyal_orders = 4;
constexpr double churn_days = 90;  // after which two of three who did not come back never will

double four_decimals(double value) {
    return std::round(value * 1e4) / 1e4;
}

bool counts(std::string_view status) {
    return status != "refunded" && status != "cancelled" && status != "canceled";
}

void add(Sales& sales, Timestamp time, std::int64_t cents) {
    sales.spent += cents;
    ++sales.orders;
    sales.each.push_back({time, cents});
}

Timestamp time_of(const Json& order) {
    return parse_time(text_of(order, "createdAt")).value_or(Timestamp());
}

void add(Sales& sales, const Json& order) {
    if (!counts(text_of(order, "status"))) return;
    add(sales, time_of(order), order.at("total_amount").get<std::int64_t>());
}

}  // namespace

std::optional<Json> find_customer(const Call& call, std::string_view id) {
    const auto* row = call.world.state.table(Kind::customers).find(call.space, id);
    return row ? load(*row) : PastSales(call).customer(id);
}

std::vector<Json> orders_of(const Call& call, std::string_view customer) {
    std::vector<Json> orders;
    PastSales past(call);
    for (const auto* order : past.orders_of(customer)) orders.push_back(past.to_json(*order));
    for (const auto* row : call.world.state.table(Kind::orders).rows(call.space)) {
        if (auto order = load(*row); text_of(order, "customer_id") == customer)
            orders.push_back(std::move(order));
    }
    std::ranges::sort(orders, {}, [](const Json& order) {
        return std::pair(time_of(order), text_of(order, "_id"));
    });
    return orders;
}

Sales sales_of(const Call& call, std::string_view customer) {
    Sales sales;
    for (const auto& order : orders_of(call, customer)) add(sales, order);
    return sales;
}

std::vector<std::pair<std::string, Sales>> sales_by_customer(const Call& call) {
    std::vector<std::pair<std::string, Sales>> all;
    TextMap<std::size_t> places;
    const auto of = [&](std::string_view customer) -> Sales& {
        const auto [place, fresh] = places.try_emplace(std::string(customer), all.size());
        if (fresh) all.emplace_back(customer, Sales());
        return all[place->second].second;
    };
    PastSales past(call);
    for (const auto* order : past.orders()) {
        const auto customer = past.customer_id_of(*order);
        if (customer.empty() || !counts(past.status_of(*order))) continue;
        add(of(customer), order->time, past.total_of(*order));
    }
    for (const auto* row : call.world.state.table(Kind::orders).rows(call.space)) {
        const auto order = load(*row);
        if (const auto customer = text_of(order, "customer_id"); !customer.empty())
            add(of(customer), order);
    }
    std::erase_if(all, [](const auto& customer) { return customer.second.each.empty(); });
    for (auto& [id, sales] : all) std::ranges::sort(sales.each, {}, &Sale::time);
    std::ranges::sort(all, {}, [](const auto& customer) {
        return std::pair<Timestamp, std::string_view>(customer.second.first(), customer.first);
    });
    return all;
}

double churn_probability(const Sales& sales, Timestamp now) {
    if (sales.each.empty()) return 1;
    const auto days = static_cast<double>(days_between(sales.last(), now));
    return four_decimals(1 - std::exp(-days / churn_days));
}

double orders_in_30_days(const Sales& sales, Timestamp now) {
    if (sales.each.empty()) return 0;
    const auto days = std::max<std::int64_t>(30, days_between(sales.first(), now));
    return four_decimals(static_cast<double>(sales.orders) * 30 / static_cast<double>(days));
}

std::string segment_of(std::int64_t orders) {
    if (orders >= loyal_orders) return "loyal";
    return orders >= returning_orders ? "returning" : "new";
}

std::vector<std::pair<Timestamp, std::string>> segments_over_time(const Sales& sales) {
    std::vector<std::pair<Timestamp, std::string>> segments;
    std::int64_t count = 0;
    for (const auto& [time, cents] : sales.each) {
        auto segment = segment_of(++count);
        if (segments.empty() || segments.back().second != segment) {
            segments.emplace_back(time, std::move(segment));
        }
    }
    return segments;
}

std::int64_t days_between(Timestamp earlier, Timestamp later) {
    return std::max<std::int64_t>(
        0, std::chrono::floor<std::chrono::days>(later - earlier).count()
    );
}

std::vector<std::string_view> listed(const Call& call, std::string_view name) {
    std::vector<std::string_view> parts;
    for (const auto& [key, value] : call.target.query) {
        if (key != name && key != std::string(name) + "[]") continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (comma > 0) parts.push_back(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return parts;
}

}  // namespace vitrine::sandbox
