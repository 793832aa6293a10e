#pragma once

#include <span>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

std::span<const Route> product_routes();
std::span<const Route> product_figures_routes();

}  // namespace vitrine::sandbox
