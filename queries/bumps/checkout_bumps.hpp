#pragma once

#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"
#include "rules/bumps/checkout.hpp"

// The order bumps of a checkout, and why its buyer saw what they saw and paid what they paid. On
// the caller's thread.
namespace vitrine::queries {

/// What the buyer is to be shown now, by the revision that the checkout pins. Records nothing.
Result get_checkout_bumps(
    const ReadSide& reads,
    const rules::bumps::Source& bumps,
    const TenantId& tenant,
    std::string_view id,
    const rules::bumps::Context& context,
    rules::bumps::Explain explain
);

/// For whom receipts are: the seller is told inputs, rules and reasons, the buyer sentences.
enum class ReceiptView { seller, buyer };

/// Every decision of the checkout, the oldest first.
Result get_receipts(
    const ReadSide& reads,
    const rules::bumps::Source& bumps,
    const TenantId& tenant,
    std::string_view id,
    ReceiptView view
);

}  // namespace vitrine::queries
