#pragma once

#include <optional>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

/// The order of a completed checkout, not stored yet; `payment`: that it was paid with.
Json make_order(const Call& call, const Json& checkout, const std::optional<Json>& payment);

/// Stores a paid order, counts it for the offer's figures and the customer, and tells of it.
Reply place_order(Call& call, Json& order);

}  // namespace vitrine::sandbox
