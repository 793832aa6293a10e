#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/period.hpp"
#include "core/time.hpp"

namespace vitrine::queries {

/// Parameters as they came in: a period by name, or the first and the last day.
struct DaysParameters {
    std::optional<std::string> period = {}, from = {}, to = {};

    bool any() const { return period || from || to; }
};

/// Days of the tenant's calendar that are asked about.
struct AskedDays {
    std::string period;  // the canonical name; empty: from and to were given
    Days days;
};

/// 30_days unless told; `to` is today unless told. Faults name /period, /from and /to.
AskedDays read_days(const DaysParameters& parameters, Timestamp now, std::vector<Fault>& faults);

/// How they are asked of the platform: by name, or as "2011-04-01/2011-04-30".
std::string platform_period(const AskedDays& asked);

/// Whether the platform's window (RFC 3339, half-open) is these days; its end may be on the last
/// one. nullopt: it told none.
std::optional<bool> is_same_period(
    const AskedDays& asked, const std::string& period_start, const std::string& period_end
);

std::string tenant_zone_name();

/// Puts period (or null), from, to and time_zone.
void put_days(nlohmann::ordered_json& json, const AskedDays& asked);

}  // namespace vitrine::queries
