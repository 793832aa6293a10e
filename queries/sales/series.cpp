#include "queries/sales/series.hpp"

#include <map>
#include <set>

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::DaySales;
using projections::SalesSum;

void add(SalesSum& to, const SalesSum& sales) {
    to.orders += sales.orders;
    to.revenue_cents += sales.revenue_cents;
    to.refunds += sales.refunds;
    to.refunded_cents += sales.refunded_cents;
}

using Sources = std::vector<const DaySales*>;

Json day_json(const std::string& day, const std::string& currency, const Sources& sources) {
    SalesSum sum;
    Json by_source = Json::array();
    for (const auto* each : sources) {
        add(sum, *each);
        auto& source = by_source.emplace_back();
        source["source"] = text_or_null(each->source);
        put_sum(source, *each);
    }
    Json json;
    json["day"] = day;
    json["currency"] = text_or_null(currency);
    put_sum(json, sum);
    json["by_source"] = std::move(by_source);
    return json;
}

}  // namespace

void put_sum(Json& json, const SalesSum& sum) {
    json["orders"] = sum.orders;
    json["revenue_cents"] = sum.revenue_cents;
    json["refunds"] = sum.refunds;
    json["refunded_cents"] = sum.refunded_cents;
    json["net_cents"] = sum.revenue_cents - sum.refunded_cents;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json totals_json(const std::vector<DaySales>& sales) {
    std::map<std::string, SalesSum> by_currency;
    for (const auto& each : sales) add(by_currency[each.currency], each);
    Json totals = Json::array();
    for (const auto& [currency, sum] : by_currency) {
        auto& total = totals.emplace_back();
        total["currency"] = text_or_null(currency);
        put_sum(total, sum);
    }
    return totals;
}

Json days_json(const std::vector<DaySales>& sales, const Days& days, const std::string& currency) {
    std::set<std::string> currencies;
    std::map<std::pair<std::string, std::string>, Sources> sold;
    for (const auto& each : sales) {
        currencies.insert(each.currency);
        sold[{each.day, each.currency}].push_back(&each);
    }
    if (currencies.empty()) currencies.insert(currency);
    Json list = Json::array();
    auto day = std::chrono::sys_days(days.first);
    for (; day <= std::chrono::sys_days(days.last); day += std::chrono::days(1)) {
        const auto name = format_day(day);
        for (const auto& each : currencies)
            list.push_back(day_json(name, each, sold[{name, each}]));
    }
    return list;
}

}  // namespace vitrine::queries
