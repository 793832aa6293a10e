#pragma once

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

    /// The same wall-clock time `days` calendar days earlier.
    Timestamp days_before(Timestamp time, int days) const;

private:
    explicit Zone(const void* zone) : zone_(zone) {}
    const void* zone_;
};

/// What `period` means at `now`: N days back from now by the calendar of the zone, or a calendar
/// part that ends now (`previous_month`: that ends with the month).
Window window_of(const Period& period, Timestamp now, const Zone& zone);

}  // namespace vitrine
