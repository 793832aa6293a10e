#pragma once

#include <optional>
#include <string>

#include "queries/asked_days.hpp"
#include "queries/moment.hpp"

namespace vitrine::queries {

/// Parameters of a list, all but as_of as they came in; an absent one is nullopt. Faults name them
/// by "/limit", ….
struct ListParameters {
    std::optional<std::string> status = {};
    std::optional<std::string> sku = {};  // products only
    std::optional<std::string> type = {};
    std::optional<std::string> q = {};
    /// created_at, updated_at or name, of offers also revenue_cents (or revenue); "-" before it:
    /// descending
    std::optional<std::string> sort = {};
    std::optional<std::string> limit = {};       // 1…1000, default 50
    std::optional<std::string> cursor = {};      // next_cursor of the page before
    std::optional<AsOf> as_of = {};              // offers only
    std::optional<std::string> product_id = {};  // offers only: those that hold it
    DaysParameters days = {};  // offers only: of the revenue; all days unless told
};

}  // namespace vitrine::queries
