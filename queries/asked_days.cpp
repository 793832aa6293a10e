#include "queries/asked_days.hpp"

#include <nlohmann/json.hpp>

#include "projections/sales/projector.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using std::chrono::year_month_day;

constexpr int days_most = 3660;

const Zone& zone() {
    return projections::sales_zone();
}

std::optional<year_month_day> read_day(
    const std::string& name, const std::string& text, std::vector<Fault>& faults
) {
    auto day = parse_day(text);
    if (!day) {
        faults.push_back(
            {"/" + name,
             "invalid",
             phrase("{} is a day such as 2026-03-01", "{} é um dia como 2026-03-01", name)}
        );
    }
    return day;
}

}  // namespace

AskedDays read_days(const DaysParameters& parameters, Timestamp now, std::vector<Fault>& faults) {
    const auto today = zone().day_of(now);
    AskedDays asked{{}, {today, today}};
    const auto& [period, from, to] = parameters;
    if (!from && !to) {
        asked.period = read_period(period, faults);
        if (const auto known = parse_period(asked.period)) asked.days = days_of(*known, today);
        return asked;
    }
    if (period) {
        faults.push_back(
            {"/period",
             "conflict",
             {"period cannot be given together with from and to",
              "period não pode ser dado junto com from e to"}}
        );
    }
    if (!from) {
        faults.push_back(
            {"/from",
             "required",
             {"from is required where to is given", "from é obrigatório quando to é dado"}}
        );
    }
    const auto first = from ? read_day("from", *from, faults) : std::nullopt;
    const auto last = to ? read_day("to", *to, faults) : std::optional(today);
    if (!first || !last) return asked;
    asked.days = {*first, *last};
    if (asked.days.count() < 1) {
        faults.push_back(
            {"/from", "out_of_range", {"from is not after to", "from não é depois de to"}}
        );
    } else if (asked.days.count() > days_most) {
        faults.push_back(
            {"/from",
             "out_of_range",
             phrase("from and to are at most {} days", "from e to são no máximo {} dias", days_most)
            }
        );
    }
    return asked;
}

std::string platform_period(const AskedDays& asked) {
    if (!asked.period.empty()) return asked.period;
    return format_day(asked.days.first) + '/' + format_day(asked.days.last);
}

std::optional<bool> is_same_period(
    const AskedDays& asked, const std::string& period_start, const std::string& period_end
) {
    const auto begin = parse_time(period_start);
    const auto end = parse_time(period_end);
    if (!begin || !end) return std::nullopt;
    const auto window = window_of(asked.days, zone());
    const bool ends_on_last = *end <= window.end && *end >= zone().start_of(asked.days.last);
    return *begin == window.begin && ends_on_last;
}

std::string tenant_zone_name() {
    return zone().name();
}

void put_days(nlohmann::ordered_json& json, const AskedDays& asked) {
    using Json = nlohmann::ordered_json;
    json["period"] = asked.period.empty() ? Json() : Json(asked.period);
    json["from"] = format_day(asked.days.first);
    json["to"] = format_day(asked.days.last);
    json["time_zone"] = zone().name();
}

}  // namespace vitrine::queries
