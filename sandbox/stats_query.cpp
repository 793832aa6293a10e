#include "sandbox/stats_query.hpp"

namespace vitrine::sandbox {
namespace {

/// A time, or a day of the sandbox's zone: as a beginning its first instant, as an end that of the
/// next day.
std::optional<Timestamp> bound(const Call& call, std::string_view text, bool is_end) {
    if (const auto time = parse_time(text)) return time;
    const auto day = parse_time(std::string(text) + "T00:00:00Z");
    if (!day || text.size() != 10) return std::nullopt;
    const auto days = std::chrono::floor<std::chrono::days>(*day) + std::chrono::days(is_end);
    return call.world.zone.start_of(std::chrono::year_month_day(days));
}

std::optional<std::string_view> either(
    const Call& call, std::string_view name, std::string_view other
) {
    const auto value = call.query(name);
    return value ? value : call.query(other);
}

}  // namespace

Refusal wrong_parameter(std::string field, std::string what) {
    FieldErrors errors;
    auto message = field + ' ' + std::move(what);
    errors.push_back({std::move(field), std::move(message), "invalid"});
    return bad_fields(std::move(errors));
}

std::expected<AskedWindow, Refusal> read_window(const Call& call) {
    AskedWindow asked;
    const auto from = either(call, "date_from", "start_date");
    const auto to = either(call, "date_to", "end_date");
    if (!from && !to) {
        const auto name = call.query("period").value_or("30_days");
        const auto period = parse_period(name);
        if (!period) return std::unexpected(wrong_parameter("period", "is not a known period"));
        asked.period = period_name(*period);
        asked.window = rolling_window(*period, call.now(), call.world.zone);
        return asked;
    }
    asked.period = "custom";
    const auto end = to ? bound(call, *to, true) : call.now();
    if (!end) return std::unexpected(wrong_parameter("date_to", "is not a date"));
    const auto begin = from ? bound(call, *from, false) : call.world.zone.days_before(*end, 30);
    if (!begin) return std::unexpected(wrong_parameter("date_from", "is not a date"));
    // Two days are compared as days: the end of the earlier is the beginning of the later.
    const auto last = to ? bound(call, *to, false) : end;
    if (*begin > *last) return std::unexpected(wrong_parameter("date_from", "is after date_to"));
    asked.window = {*begin, *end};
    return asked;
}

}  // namespace vitrine::sandbox
