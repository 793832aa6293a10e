#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// The names of the read models, for wait_at_least.
inline constexpr const char* offers_model = "offers";
inline constexpr const char* offer_versions_model = "offer_versions";
inline constexpr const char* analytics_model = "offer_analytics";
inline constexpr const char* price_history_model = "price_history";
inline constexpr const char* products_model = "products";
inline constexpr const char* sales_model = "sales";
inline constexpr const char* activity_model = "activity";

/// Waits until the read model has the events up to `at_least` (the parameter as it came). nullopt:
/// it has. Otherwise `invalid` (not a number, or above the head) or `not_ready` at the deadline.
boost::asio::awaitable<std::optional<QueryError>> wait_at_least(
    const ReadSide& reads,
    std::string model,
    std::string at_least,
    std::chrono::milliseconds limit = std::chrono::milliseconds(2000)
);

}  // namespace vitrine::queries
