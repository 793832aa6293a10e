#pragma once

#include <span>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

std::span<const Route> customer_routes();
std::span<const Route> checkout_routes();
std::span<const Route> order_routes();
std::span<const Route> payment_routes();
std::span<const Route> funnel_routes();
std::span<const Route> webhook_routes();
std::span<const Route> analytics_routes();

}  // namespace vitrine::sandbox
