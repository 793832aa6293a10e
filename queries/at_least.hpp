#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// The names of the read models, for wait_for_position.
inline constexpr const char* offers_model = "offers";
inline constexpr const char* offer_versions_model = "offer_versions";
inline constexpr const char* analytics_model = "offer_analytics";
inline constexpr const char* price_history_model = "price_history";
inline constexpr const char* products_model = "products";
inline constexpr const char* sales_model = "sales";
inline constexpr const char* activity_model = "activity";
inline constexpr const char* webhooks_model = "webhooks";
inline constexpr const char* processes_model = "processes";

/// The parameter as it came. `invalid`: not a number, or above the head.
std::expected<Position, QueryError> read_at_least(const ReadSide& reads, std::string_view at_least);

/// Waits until the read model has the events up to `position`. nullopt: it has; otherwise
/// not_ready, at the deadline.
boost::asio::awaitable<std::optional<QueryError>> wait_for_position(
    const ReadSide& reads,
    std::string model,
    Position position,
    std::chrono::steady_clock::time_point deadline
);

}  // namespace vitrine::queries
