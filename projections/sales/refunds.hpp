#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// How much of an order was given back, from all that was told of it, in whatever order and however
// often (docs/webhooks.md). Pure.
namespace vitrine::projections {

/// One telling of a refund.
struct RefundTold {
    std::string payment;                // empty: told by the order itself
    std::optional<std::int64_t> cents;  // of this refund
    std::optional<std::int64_t> so_far;
    std::string refund_id;  // empty: not told
    /// What tells it from another of the same amount; empty: nothing does.
    std::string mark;
    std::string currency = {};  // empty: not told
    std::string lines = {};     // JSON: what came back; empty: not told
    bool operator==(const RefundTold&) const = default;
};

using Payments = std::map<std::string, std::int64_t>;  // what was paid, by payment id

/// The order tells all of its refunds, and so do its payments together: the greater of the two
/// sums, and at least that of all refunds that have an id. So it depends on what was told, not on
/// when, and one more telling adds at most the amount it tells (all, where it tells none) and takes
/// nothing away. Never more than `order_cents`, nor of a payment more than was paid by it.
std::int64_t refunded_cents(
    std::int64_t order_cents, const Payments& payments, const std::vector<RefundTold>& told
);

}  // namespace vitrine::projections
