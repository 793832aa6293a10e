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

year_month_day first_of_quarter(year_month_day day) {
    const auto months_in = (static_cast<unsigned>(day.month()) - 1) % 3;
    return months_before(first_of_month(day), static_cast<int>(months_in));
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

int Days::count() const {
    return static_cast<int>((sys_days(last) - sys_days(first)).count()) + 1;
}

std::optional<year_month_day> parse_day(std::string_view text) {
    constexpr std::string_view midnight = "T00:00:00Z";
    if (text.size() != std::string_view("2011-04-01").size()) return std::nullopt;
    const auto time = parse_time(std::string(text).append(midnight));
    if (!time) return std::nullopt;
    return year_month_day(std::chrono::floor<days>(*time));
}

std::string format_day(year_month_day day) {
    auto text = format_time(sys_days(day));
    text.resize(text.find('T'));
    return text;
}

Days days_of(const Period& period, year_month_day today) {
    const auto this_month = first_of_month(today);
    switch (period.kind) {
        case Period::Kind::today:
            return {today, today};
        case Period::Kind::days:
            return {sys_days(today) - days(period.days - 1), today};
        case Period::Kind::current_month:
            return {this_month, today};
        case Period::Kind::previous_month:
            return {months_before(this_month, 1), sys_days(this_month) - days(1)};
        case Period::Kind::current_quarter:
            return {first_of_quarter(today), today};
    }
    return {today, today};
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

Timestamp Zone::time_of(Timestamp wall) const {
    return to_utc(zone_, LocalTime(wall.time_since_epoch()));
}

Timestamp Zone::days_before(Timestamp time, int count) const {
    return to_utc(zone_, to_local(zone_, time) - days(count));
}

Window window_of(const Days& days, const Zone& zone) {
    return {zone.start_of(days.first), zone.start_of(sys_days(days.last) + std::chrono::days(1))};
}

Window rolling_window(const Period& period, Timestamp now, const Zone& zone) {
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
        case Period::Kind::current_quarter:
            return {zone.start_of(first_of_quarter(today)), now};
    }
    return {now, now};
}

}  // namespace vitrine
