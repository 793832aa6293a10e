#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace vitrine::projections {

/// The row of one offer. Failed attempts may come before the offer, or without it.
struct AnalyticsState {
    std::int64_t product_count = 0;
    std::int64_t revisions = 0;
    std::string status;  // empty: the offer was never created
    Timestamp status_since;
    std::map<std::string, std::int64_t, std::less<>> status_us;  // before the present status began
    std::map<std::string, std::int64_t, std::less<>> failures;   // by type
    std::string last_failure;                                    // JSON; empty: none
    Version version = 0;                                         // of the offer's stream
    Position position = 0;  // of the last event that changed this

    std::size_t bytes() const { return sizeof(AnalyticsState) + 512; }
};

/// {"name":count}
std::string render_counts(const std::map<std::string, std::int64_t, std::less<>>& counts);

}  // namespace vitrine::projections
