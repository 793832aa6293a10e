#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"
#include "sandbox/sales.hpp"
#include "sandbox/sales_routes.hpp"
#include "sandbox/stats_query.hpp"

/// Figures of a whole tenant, made of its orders and of the order lines of its offers. There are no
/// subscriptions here: what recurs is 0, and what cannot be known is null.
namespace vitrine::sandbox {
namespace {

using std::chrono::year_month;

constexpr double lost_after_days = 90;
constexpr double at_risk = 0.7;
constexpr std::array<std::string_view, 5> metric_types{
    "all", "revenue", "orders", "conversion", "subscriptions"
};
constexpr std::array<std::string_view, 4> prediction_types{
    "revenue", "customer_growth", "churn", "seasonal"
};
constexpr int months_of_trend = 6;

double four_decimals(double value) {
    return std::round(value * 1e4) / 1e4;
}

/// Of all offers in the window.
Figures total_of(const Call& call, const Window& window) {
    Figures total;
    for (const auto* row : call.world.state.table(Kind::offers).rows(call.space)) {
        const auto figures =
            call.world.metrics.read(row->facets.slug, window, Grouping::none).total;
        total.views += figures.views;
        total.conversions += figures.conversions;
        total.cancelled += figures.cancelled;
        total.revenue += figures.revenue;
    }
    return total;
}

bool is_lost(const Sales& sales, Timestamp now) {
    return static_cast<double>(days_between(sales.last(), now)) > lost_after_days;
}

double churn_rate(const std::vector<std::pair<std::string, Sales>>& all, Timestamp now) {
    if (all.empty()) return 0;
    const auto lost =
        std::ranges::count_if(all, [&](const auto& each) { return is_lost(each.second, now); });
    return four_decimals(static_cast<double>(lost) / static_cast<double>(all.size()));
}

Result metrics(Call& call) {
    const auto type = call.query("type").value_or("all");
    if (!contains(metric_types, type))
        return std::unexpected(wrong_parameter("type", "is not known"));
    const auto asked = read_window(call);
    if (!asked) return std::unexpected(asked.error());
    const auto figures = total_of(call, asked->window);
    const auto customers = sales_by_customer(call);
    std::int64_t spent = 0;
    std::int64_t fresh = 0;
    for (const auto& [id, sales] : customers) {
        spent += sales.spent;
        const auto first = sales.first();
        fresh += first >= asked->window.begin && first < asked->window.end;
    }
    const auto count = static_cast<std::int64_t>(customers.size());
    const auto conversions = figures.conversions;
    const auto wants = [&](std::string_view part) { return type == "all" || type == part; };
    Json json{
        {"type", type},
        {"period", asked->period},
        {"period_start", format_time(asked->window.begin)},
        {"period_end", format_time(asked->window.end)},
        {"currency", "BRL"},
    };
    if (wants("subscriptions")) {
        for (const auto* name :
             {"monthly_recurring_revenue", "mrr", "annual_recurring_revenue", "arr"}) {
            json[name] = 0;
        }
        json["customer_acquisition_cost"] = nullptr;
        json["average_lifetime_value"] = count == 0 ? 0 : spent / count;
        json["churn_rate"] = churn_rate(customers, call.now());
    }
    if (wants("revenue")) {
        json["revenue"] = figures.revenue;
        json["average_order_value"] = conversions == 0 ? 0 : figures.revenue / conversions;
    }
    if (wants("orders")) {
        json["orders"] = conversions;
        json["new_customers"] = fresh;
    }
    if (wants("conversion")) {
        json["views"] = figures.views;
        json["conversions"] = conversions;
        json["conversion_rate"] = static_cast<double>(rate(conversions, figures.views)) / 100;
    }
    return Reply{200, json.dump()};
}

year_month month_of(const Call& call, Timestamp time) {
    const auto day = call.world.zone.day_of(time);
    return {day.year(), day.month()};
}

std::string month_text(year_month month) {
    return format_time(Timestamp(std::chrono::sys_days(month / 1))).substr(0, 7);
}

int months_between(year_month earlier, year_month later) {
    return static_cast<int>((later - earlier).count());
}

/// What each customer of a cohort spent in each month after the first.
struct Cohort {
    std::int64_t size = 0;
    std::vector<std::int64_t> buyers, revenue;

    void add(const Call& call, const Sales& sales, year_month first) {
        ++size;
        std::vector<bool> bought(buyers.size());
        for (const auto& [time, cents] : sales.each) {
            const auto month =
                static_cast<std::size_t>(months_between(first, month_of(call, time)));
            if (month >= buyers.size()) continue;
            if (!bought[month]) ++buyers[month];
            bought[month] = true;
            revenue[month] += cents;
        }
    }

    Json to_json(const std::vector<std::string_view>& wanted) const {
        Json json{{"size", size}};
        auto retention = Json::array();
        auto ltv = Json::array();
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < buyers.size(); ++i) {
            retention.push_back(static_cast<double>(rate(buyers[i], size)) / 100);
            sum += revenue[i];
            ltv.push_back(sum / size);
        }
        const auto wants = [&](std::string_view name) {
            return wanted.empty() || contains(wanted, name);
        };
        if (wants("retention")) json["retention"] = std::move(retention);
        if (wants("revenue")) json["revenue"] = revenue;
        if (wants("ltv")) json["ltv"] = std::move(ltv);
        return json;
    }
};

/// By month; weekly and quarterly are known names, but only months are counted here.
Result cohort(Call& call) {
    const auto period = call.query("period").value_or("monthly");
    if (period != "monthly") return std::unexpected(wrong_parameter("period", "is not known"));
    const bool bounded = call.query("start_date") || call.query("end_date");
    const auto asked = bounded ? read_window(call) : AskedWindow();
    if (!asked) return std::unexpected(asked.error());
    const auto now = month_of(call, call.now());
    std::map<year_month, Cohort> cohorts;
    for (const auto& [id, sales] : sales_by_customer(call)) {
        const auto first = sales.first();
        if (bounded && (first < asked->window.begin || first >= asked->window.end)) continue;
        const auto month = month_of(call, first);
        auto& cohort = cohorts[month];
        const auto months = static_cast<std::size_t>(months_between(month, now)) + 1;
        cohort.buyers.resize(months);
        cohort.revenue.resize(months);
        cohort.add(call, sales, month);
    }
    const auto wanted = listed(call, "metrics");
    Json json{
        {"period", period},
        {"start_date", call.query("start_date").value_or("")},
        {"end_date", call.query("end_date").value_or("")},
        {"cohorts", Json::object()},
    };
    std::string strongest;
    std::int64_t most = -1;
    for (const auto& [month, each] : cohorts) {
        json["cohorts"][month_text(month)] = each.to_json(wanted);
        std::int64_t revenue = 0;
        for (const auto cents : each.revenue) revenue += cents;
        if (revenue > most) {
            most = revenue;
            strongest = month_text(month);
        }
    }
    json["insights"]["strongest_cohort"] = strongest.empty() ? Json() : Json(strongest);
    return Reply{200, json.dump()};
}

Json feature(const std::vector<double>& lost, const std::vector<double>& kept) {
    const auto mean = [](const std::vector<double>& values) {
        double sum = 0;
        for (const auto value : values) sum += value;
        return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
    };
    const auto of_lost = mean(lost);
    const auto of_kept = mean(kept);
    const auto larger = std::max(std::abs(of_lost), std::abs(of_kept));
    return {
        {"importance", larger == 0 ? 0.0 : four_decimals(std::abs(of_lost - of_kept) / larger)},
        {"mean_churned", four_decimals(of_lost)},
        {"mean_retained", four_decimals(of_kept)},
    };
}

double value_of(std::string_view name, const Sales& sales, Timestamp now) {
    if (name == "recency") return static_cast<double>(days_between(sales.last(), now));
    if (name == "frequency") return orders_in_30_days(sales, now);
    return static_cast<double>(sales.spent);
}

Result churn(Call& call) {
    const auto now = call.now();
    const auto all = sales_by_customer(call);
    std::map<std::string, std::vector<std::pair<std::string, Sales>>> by_segment;
    auto risky = Json::array();
    for (const auto& each : all) {
        const auto segment = segment_of(each.second.orders);
        by_segment[segment].push_back(each);
        const auto probability = churn_probability(each.second, now);
        if (probability < at_risk) continue;
        risky.push_back(
            {{"customer_id", each.first},
             {"churn_probability", probability},
             {"segment", segment},
             {"factors", Json::array({"recency"})}}
        );
    }
    Json json{
        {"overall_rate", churn_rate(all, now)},
        {"by_segment", Json::object()},
        {"segments", Json::object()},
        {"features", Json::object()},
        {"at_risk_customers", std::move(risky)},
    };
    for (const auto& [name, members] : by_segment) {
        json["by_segment"][name] = churn_rate(members, now);
        json["segments"][name] = {
            {"churn_rate", churn_rate(members, now)}, {"customers", members.size()}
        };
    }
    for (const auto name : listed(call, "include_features")) {
        if (name != "recency" && name != "frequency" && name != "monetary") continue;
        std::vector<double> lost, kept;
        for (const auto& [id, sales] : all) {
            (is_lost(sales, now) ? lost : kept).push_back(value_of(name, sales, now));
        }
        json["features"][std::string(name)] = feature(lost, kept);
    }
    return Reply{200, json.dump()};
}

/// "3_months" is 3.
std::optional<int> months_of(std::string_view horizon) {
    constexpr std::array<std::pair<std::string_view, int>, 4> known{
        {{"1_month", 1}, {"3_months", 3}, {"6_months", 6}, {"12_months", 12}}
    };
    for (const auto& [name, months] : known) {
        if (name == horizon) return months;
    }
    return std::nullopt;
}

double monthly_value(const Call& call, std::string_view type, const Window& month) {
    if (type == "revenue" || type == "seasonal") {
        return static_cast<double>(total_of(call, month).revenue);
    }
    const auto all = sales_by_customer(call);
    if (type == "churn") {
        std::vector<std::pair<std::string, Sales>> known;
        for (const auto& each : all) {
            if (each.second.first() < month.end) known.push_back(each);
        }
        return churn_rate(known, month.end);
    }
    return static_cast<double>(std::ranges::count_if(all, [&](const auto& each) {
        return each.second.first() < month.end;
    }));
}

/// The straight line through the last months, with a band of their deviation from it.
Result predict(Call& call) {
    const std::string type = call.args.front();
    if (!contains(prediction_types, type)) return std::unexpected(not_found("Prediction"));
    const auto horizon = call.query("horizon").value_or("3_months");
    const auto months = months_of(horizon);
    if (!months) return std::unexpected(wrong_parameter("horizon", "is not known"));
    const auto now = month_of(call, call.now());
    const auto& zone = call.world.zone;
    std::vector<double> values;
    for (int back = months_of_trend; back > 0; --back) {
        const auto month = now - std::chrono::months(back);
        const Window window{
            zone.start_of(month / 1), zone.start_of((month + std::chrono::months(1)) / 1)
        };
        values.push_back(monthly_value(call, type, window));
    }
    const double count = months_of_trend;
    double sum_x = 0, sum_y = 0, sum_xy = 0, sum_xx = 0;
    for (int i = 0; i < months_of_trend; ++i) {
        const auto y = values[static_cast<std::size_t>(i)];
        sum_x += i;
        sum_y += y;
        sum_xy += i * y;
        sum_xx += i * i;
    }
    const auto slope = (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x);
    const auto start = (sum_y - slope * sum_x) / count;
    double squares = 0;
    for (int i = 0; i < months_of_trend; ++i) {
        const auto off = values[static_cast<std::size_t>(i)] - (start + slope * i);
        squares += off * off;
    }
    const auto deviation = std::sqrt(squares / count);
    const bool whole = type != "churn";
    const auto shown = [&](double value) {
        value = std::max(0.0, value);
        return whole ? Json(std::llround(value)) : Json(four_decimals(value));
    };
    Json json{
        {"type", type},
        {"horizon", horizon},
        {"generated_at", format_time(call.now())},
        {"scenario", "realistic"},
        {"current", shown(values.back())},
        {"projections", Json::array()},
        {"assumptions", Json::array({"the trend of the last six months goes on"})},
    };
    for (int ahead = 0; ahead < *months; ++ahead) {
        const auto value = start + slope * (count + ahead);
        const auto band = deviation * std::sqrt(1.0 + ahead);
        json["projections"].push_back(
            {{"month", month_text(now + std::chrono::months(ahead))},
             {"value", shown(value)},
             {"lower", shown(value - band)},
             {"upper", shown(value + band)},
             {"confidence", std::max(50, 90 - 5 * ahead)}}
        );
    }
    return Reply{200, json.dump()};
}

constexpr std::array routes{
    Route{"GET", "/analytics/metrics", metrics},
    Route{"GET", "/analytics/dashboard/executive", metrics},
    Route{"GET", "/analytics/sales/metrics", metrics},
    Route{"GET", "/analytics/cohort", cohort},
    Route{"GET", "/analytics/churn", churn},
    Route{"GET", "/analytics/predictions/{type}", predict},
};

}  // namespace

std::span<const Route> analytics_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
