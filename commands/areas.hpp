#pragma once

#include <span>
#include <string_view>

#include "commands/engine/definition.hpp"

namespace vitrine::commands {

std::span<const Definition> product_commands();
std::span<const Definition> offer_commands();
std::span<const Definition> coupon_commands();
std::span<const Definition> customer_commands();
std::span<const Definition> coupon_use_commands();
std::span<const Definition> pricing_commands();
std::span<const Definition> schedule_commands();
std::span<const Definition> rulebook_commands();
std::span<const Definition> checkout_commands();
std::span<const Definition> checkout_bump_commands();
std::span<const Definition> endpoint_commands();
std::span<const Definition> stock_commands();

/// The areas, in the order of the documentation. A new one is named here, and nowhere else.
inline constexpr std::span<const Definition> (*areas[])() = {
    product_commands,
    offer_commands,
    coupon_commands,
    customer_commands,
    coupon_use_commands,
    pricing_commands,
    schedule_commands,
    endpoint_commands,
    stock_commands,
    rulebook_commands,
    checkout_commands,
    checkout_bump_commands,
};

/// Every command there is, area by area: what stands behind routes, validation and documentation.
std::span<const Definition> definitions();

/// nullptr: no such command.
const Definition* find_definition(std::string_view name);

}  // namespace vitrine::commands
