#include "core/period.hpp"

#include <date/tz.h>

#include <charconv>

namespace vitrine {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

using LocalTime = date::local_time<microseconds>;

const date::time_zone& as_zone(const void* zone) {
    return *static_cast<const date::time_zone*>(zone);
}

LocalTime to_local(const void* zone, Timestamp time) {
    return as_zone(zone).to_local(time);
}

/// A wall-clock time that the zone skips or has twice means the earlier instant.
Timestamp to_utc(const void* zone, LocalTime time) {
    return as_zone(zone).to_sys(time, date::choose::earliest);
}

year_month_day first_of_month(year_month_day day) {
    return year_month_day(day.year(), day.month(), std::chrono::day(1));
}

year_month_day months_before(year_month_day first, int count) {
    return first - std::chrono::months(count);
}

}  // namespace

std::optional<Period> parse_period(std::string_view name) {
    using Kind = Period::Kind;
    if (name == "today" || name == "day") return Period{Kind::today, 0};
    if (name == "week" || name == "last_week") return Period{Kind::days, 7};
    if (name == "month" || name == "last_month") return Period{Kind::days, 30};
    if (name == "current_month") return Period{Kind::current_month, 0};
    if (name == "previous_month") return Period{Kind::previous_month, 0};
    if (name == "current_quarter") return Period{Kind::current_quarter, 0};
    constexpr std::string_view prefix = "last_";
    constexpr std::string_view suffix = "_days";
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    if (!name.ends_with(suffix)) return std::nullopt;
    name.remove_suffix(suffix.size());
    int count = 0;
    const auto* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data(), end, count);
    if (error != std::errc() || rest != end || count < 1 || count > 3660) return std::nullopt;
    return Period{Kind::days, count};
}

std::string period_name(const Period& period) {
    switch (period.kind) {
        case Period::Kind::today:
            return "today";
        case Period::Kind::days:
            return std::to_string(period.days) + "_days";
        case Period::Kind::current_month:
            return "current_month";
        case Period::Kind::previous_month:
            return "previous_month";
        case Period::Kind::current_quarter:
            return "current_quarter";
    }
    return {};
}

std::optional<Zone> Zone::find(std::string_view name) {
    try {
        return Zone(date::locate_zone(std::string(name)));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::string Zone::name() const {
    return as_zone(zone_).name();
}

year_month_day Zone::day_of(Timestamp time) const {
    const auto local = to_local(zone_, time);
    return year_month_day(sys_days(std::chrono::floor<days>(local.time_since_epoch())));
}

Timestamp Zone::start_of(year_month_day day) const {
    return to_utc(zone_, LocalTime(sys_days(day).time_since_epoch()));
}

Timestamp Zone::days_before(Timestamp time, int count) const {
    return to_utc(zone_, to_local(zone_, time) - days(count));
}

Window window_of(const Period& period, Timestamp now, const Zone& zone) {
    const auto today = zone.day_of(now);
    const auto this_month = first_of_month(today);
    switch (period.kind) {
        case Period::Kind::today:
            return {zone.start_of(today), now};
        case Period::Kind::days:
            return {zone.days_before(now, period.days), now};
        case Period::Kind::current_month:
            return {zone.start_of(this_month), now};
        case Period::Kind::previous_month:
            return {zone.start_of(months_before(this_month, 1)), zone.start_of(this_month)};
        case Period::Kind::current_quarter: {
            const auto months_in = (static_cast<unsigned>(today.month()) - 1) % 3;
            return {zone.start_of(months_before(this_month, static_cast<int>(months_in))), now};
        }
    }
    return {now, now};
}

}  // namespace vitrine
