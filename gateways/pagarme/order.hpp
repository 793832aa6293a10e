#pragma once

#include <expected>
#include <optional>

#include "core/json_text.hpp"
#include "gateways/effects.hpp"
#include "gateways/payments/buyer.hpp"

namespace vitrine::pagarme {

/// The body of POST /orders for an effect of the port that charges (payments::authorize, issue).
/// A card is authorised, and charged later. The fault: Pagar.me would not take it of this buyer;
/// nullopt stands for somebody whom nobody can name.
std::expected<JsonText, gateways::Refused> order_body(
    const JsonText& effect, const std::optional<payments::Buyer>& buyer
);

}  // namespace vitrine::pagarme
