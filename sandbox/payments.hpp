#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sandbox/call.hpp"

/// Payments of the platform: authorised, captured, voided, given back. Cards come as tokens alone.
namespace vitrine::sandbox {

/// The payment with that id, of the caller's space.
std::optional<Json> find_payment(const Call& call, std::string_view id);

/// Whether its money is the seller's, none of it given back.
bool is_captured(const Json& payment);

/// The payment is of that order from now on.
void join_order(Call& call, Json& payment, const Json& order);

/// Gives back the payment that has this id, or this order; nullopt: there is none.
std::optional<Result> refund_payment(Call& call, std::string_view id);

/// What the buyer, a bank or time does: `{"act":"pay"|"expire"|"fail"|"chargeback"}`.
Result act_on_payment(World& world, const std::string& id, const Json& input);

}  // namespace vitrine::sandbox
