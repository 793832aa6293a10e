#include "projections/sales/refunds.hpp"

#include <algorithm>
#include <set>

namespace vitrine::projections {
namespace {

/// Tellings of one amount by the order, or by one payment.
struct Tellings {
    std::set<std::string> marks;
    bool unmarked = false;

    /// What nothing tells apart is the same refund, and one that is known already.
    std::int64_t refunds() const {
        return std::max<std::int64_t>(std::ssize(marks), unmarked ? 1 : 0);
    }
};

/// All that was told of refunds of one amount.
struct OfOneAmount {
    std::set<std::string> refund_ids;
    Tellings by_order;
    std::map<std::string, Tellings> by_payment;

    std::int64_t told_by_payments() const {
        std::int64_t sum = 0;
        for (const auto& [payment, tellings] : by_payment) sum += tellings.refunds();
        return sum;
    }
    /// The order and its payments tell the same ones.
    std::int64_t refunds() const {
        return std::max<std::int64_t>(
            {std::ssize(refund_ids), by_order.refunds(), told_by_payments()}
        );
    }
};

bool tells_nothing(const RefundTold& told) {
    return !told.cents && !told.so_far;
}

/// One refund has one amount, though it was told before as less.
std::map<std::string, std::int64_t> amounts_by_id(const std::vector<RefundTold>& told) {
    std::map<std::string, std::int64_t> amounts;
    for (const auto& each : told) {
        if (each.refund_id.empty() || !each.cents) continue;
        auto& amount = amounts[each.refund_id];
        amount = std::max(amount, *each.cents);
    }
    return amounts;
}

std::map<std::int64_t, OfOneAmount> by_amount(const std::vector<RefundTold>& told) {
    const auto of_id = amounts_by_id(told);
    std::map<std::int64_t, OfOneAmount> amounts;
    for (const auto& each : told) {
        if (!each.cents) continue;
        auto& same = amounts[each.refund_id.empty() ? *each.cents : of_id.at(each.refund_id)];
        auto& place = each.payment.empty() ? same.by_order : same.by_payment[each.payment];
        if (!each.refund_id.empty()) {
            same.refund_ids.insert(each.refund_id);
            place.marks.insert("refund " + each.refund_id);
        } else if (!each.mark.empty()) {
            place.marks.insert(each.mark);
        } else {
            place.unmarked = true;
        }
    }
    return amounts;
}

/// The sum of what was told one by one.
std::int64_t sum_of(const std::map<std::int64_t, OfOneAmount>& amounts) {
    std::int64_t sum = 0, by_order = 0, by_payments = 0;
    bool named = false;
    for (const auto& [cents, same] : amounts) {
        sum += cents * same.refunds();
        by_order += cents * same.by_order.refunds();
        by_payments += cents * same.told_by_payments();
        named = named || !same.refund_ids.empty();
    }
    // The order may tell at once what its payments tell in parts.
    return !named && by_order == by_payments ? by_order : sum;
}

/// The greatest that was told as "so far": by the order, or by its payments together.
std::int64_t so_far_of(const std::vector<RefundTold>& told) {
    std::int64_t by_order = 0, by_payments = 0;
    std::map<std::string, std::int64_t> of_payment;
    for (const auto& each : told) {
        auto& most = each.payment.empty() ? by_order : of_payment[each.payment];
        most = std::max(most, each.so_far.value_or(0));
    }
    for (const auto& [payment, most] : of_payment) by_payments += most;
    return std::max(by_order, by_payments);
}

}  // namespace

std::int64_t refunded_cents(
    std::int64_t order_cents, const Payments& payments, const std::vector<RefundTold>& told
) {
    auto known = told;
    for (auto& each : known) {
        if (!tells_nothing(each)) continue;
        const auto paid = payments.find(each.payment);
        if (paid == payments.end()) return order_cents;
        each.cents = paid->second;  // all of that payment
    }
    const auto sum = std::max(sum_of(by_amount(known)), so_far_of(known));
    return std::min(order_cents, sum);
}

}  // namespace vitrine::projections
