#include "queries/live_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using clubify::OfferStats;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json traffic_json(const std::optional<std::vector<clubify::TrafficSource>>& traffic) {
    if (!traffic) return Json();
    Json list = Json::array();
    for (const auto& each : *traffic) {
        Json source;
        source["source"] = each.source;
        source["medium"] = each.medium;
        source["campaign"] = each.campaign;
        source["views"] = each.views;
        source["conversions"] = each.conversions;
        source["revenue_cents"] = each.revenue_cents;
        list.push_back(std::move(source));
    }
    return list;
}

}  // namespace

Json live_json(
    const LiveFigures& figures,
    const std::vector<std::string>& include,
    const AskedDays& asked,
    Language language
) {
    const auto wanted = [&](const char* part) {
        return include.empty() || std::ranges::find(include, part) != include.end();
    };
    const bool available = figures.status != LiveFigures::Status::unavailable;
    const auto stats = figures.stats.value_or(OfferStats());
    Json json;
    json["status"] = live_status_name(figures.status);
    json["as_of"] = available ? Json(format_time(figures.as_of)) : Json();
    if (!figures.reason.empty()) {
        json["code"] = live_failure_name(figures.failure);
        json["reason"] = figures.reason.in(language);
    }
    json["period_start"] = text_or_null(stats.period_start);
    json["period_end"] = text_or_null(stats.period_end);
    json["same_period"] = or_null(is_same_period(asked, stats.period_start, stats.period_end));
    json["views"] = or_null(stats.views);
    if (wanted("conversion_rate")) json["conversion_rate"] = or_null(stats.conversion_rate);
    if (wanted("revenue")) json["revenue_cents"] = or_null(stats.revenue_cents);
    json["currency"] = text_or_null(stats.currency);
    if (wanted("revenue")) json["orders"] = or_null(stats.orders);
    if (wanted("traffic")) json["traffic"] = traffic_json(stats.traffic);
    return json;
}

}  // namespace vitrine::queries
