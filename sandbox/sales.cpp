#include "sandbox/sales.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::int64_t returning_orders = 2;
constexpr std::int64_t loyal_orders = 4;
constexpr double churn_days = 90;  // after which two of three who did not come back never will

double four_decimals(double value) {
    return std::round(value * 1e4) / 1e4;
}

void add(Sales& sales, const Json& order) {
    if (text_of(order, "status") == "refunded") return;
    sales.spent += order.at("total_amount").get<std::int64_t>();
    ++sales.orders;
    sales.times.push_back(parse_time(text_of(order, "createdAt")).value_or(Timestamp()));
}

}  // namespace

std::vector<const Row*> orders_of(const Call& call, std::string_view customer) {
    std::vector<const Row*> rows;
    for (const auto* row : call.world.state.table(Kind::orders).rows(call.space)) {
        if (text_of(load(*row), "customer_id") == customer) rows.push_back(row);
    }
    return rows;
}

Sales sales_of(const Call& call, std::string_view customer) {
    Sales sales;
    for (const auto* row : orders_of(call, customer)) add(sales, load(*row));
    return sales;
}

std::vector<std::pair<std::string, Sales>> sales_by_customer(const Call& call) {
    std::vector<std::pair<std::string, Sales>> all;
    TextMap<std::size_t> places;
    for (const auto* row : call.world.state.table(Kind::orders).rows(call.space)) {
        const auto order = load(*row);
        const auto customer = text_of(order, "customer_id");
        if (customer.empty()) continue;
        const auto [place, fresh] = places.try_emplace(std::string(customer), all.size());
        if (fresh) all.emplace_back(customer, Sales());
        add(all[place->second].second, order);
    }
    std::erase_if(all, [](const auto& each) { return each.second.times.empty(); });
    return all;
}

double churn_probability(const Sales& sales, Timestamp now) {
    if (sales.times.empty()) return 1;
    const auto days = static_cast<double>(days_between(sales.times.back(), now));
    return four_decimals(1 - std::exp(-days / churn_days));
}

double orders_in_30_days(const Sales& sales, Timestamp now) {
    if (sales.times.empty()) return 0;
    const auto days = std::max<std::int64_t>(30, days_between(sales.times.front(), now));
    return four_decimals(static_cast<double>(sales.orders) * 30 / static_cast<double>(days));
}

std::string segment_of(std::int64_t orders) {
    if (orders >= loyal_orders) return "loyal";
    return orders >= returning_orders ? "returning" : "new";
}

std::vector<std::pair<Timestamp, std::string>> segments_over_time(const Sales& sales) {
    std::vector<std::pair<Timestamp, std::string>> segments;
    std::int64_t count = 0;
    for (const auto time : sales.times) {
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
