#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace vitrine {

/// A reporting period by name: `today`, `7_days`, `current_month`, … and the platform's other
/// spellings
/// (`last_30_days` is `30_days`, `week` is `7_days`, `month` is `30_days`).
struct Period {
    enum class Kind { today, days, current_month, previous_month, current_quarter };
    Kind kind{};
    int days{};  // of Kind::days

    bool operator==(const Period&) const = default;
};

/// nullopt: no such period.
std::optional<Period> parse_period(std::string_view name);

/// The canonical spelling.
std::string period_name(const Period& period);

/// Calendar days, both inclusive.
struct Days {
    std::chrono::year_month_day first, last;

    /// How many they are.
    int count() const;
    bool operator==(const Days&) const = default;
};

/// "2011-04-01"; nullopt: no such day.
std::optional<std::chrono::year_month_day> parse_day(std::string_view text);
std::string format_day(std::chrono::year_month_day day);

/// What `period` means on `today`: today and the N - 1 calendar days before, or the part of the
/// calendar up to today (`previous_month`: all of that month).
Days days_of(const Period& period, std::chrono::year_month_day today);

/// Half-open: begin <= t < end.
struct Window {
    Timestamp begin;
    Timestamp end;
    bool operator==(const Window&) const = default;
};

/// A time zone of the IANA database.
class Zone {
public:
    /// nullopt: no such zone.
    static std::optional<Zone> find(std::string_view name);

    std::string name() const;

    /// The calendar day on which `time` falls here.
    std::chrono::year_month_day day_of(Timestamp time) const;

    /// When this day begins here.
    Timestamp start_of(std::chrono::year_month_day day) const;

    /// When clocks here show what `wall` says as if it were UTC.
    Timestamp time_of(Timestamp wall) const;

    /// The same wall-clock time `days` calendar days earlier.
    Timestamp days_before(Timestamp time, int days) const;

private:
    explicit Zone(const void* zone) : zone_(zone) {}
    const void* zone_;
};

/// From the beginning of the first day in the zone to the end of the last.
Window window_of(const Days& days, const Zone& zone);

/// What the platform takes `period` for at `now`: N days back from now by the calendar of the zone,
/// or a calendar part that ends now (`previous_month`: that ends with the month).
Window rolling_window(const Period& period, Timestamp now, const Zone& zone);

}  // namespace vitrine
