#include "projections/sales/refunds.hpp"

#include <algorithm>
#include <set>

namespace vitrine::projections {
namespace {

/// Tellings of one amount, of refunds without an id.
struct SameAmount {
    std::set<std::string> marks;
    bool unmarked = false;
};

/// What the order, or one of its payments, told of its refunds.
class Teller {
public:
    void hear(std::int64_t cents, const RefundTold& told) {
        if (!told.refund_id.empty()) {
            auto& most = by_id_[told.refund_id];
            most = std::max(most, cents);
        } else if (told.mark.empty()) {
            without_id_[cents].unmarked = true;
        } else {
            without_id_[cents].marks.insert(told.mark);
        }
    }
    void hear_so_far(std::int64_t cents) { so_far_ = std::max(so_far_, cents); }

    /// At least that much was given back.
    std::int64_t sum() const {
        std::int64_t sum = 0;
        for (const auto& [id, cents] : by_id_) sum += cents;
        for (const auto& [cents, same] : without_id_) {
            // What nothing tells apart is the same refund, and one that is known already.
            sum += cents * std::max<std::int64_t>(std::ssize(same.marks), same.unmarked ? 1 : 0);
        }
        return std::max(sum, so_far_);
    }

private:
    std::map<std::string, std::int64_t> by_id_;  // the greatest that was told
    std::map<std::int64_t, SameAmount> without_id_;
    std::int64_t so_far_ = 0;
};

/// nullopt: not known, or not told.
std::optional<std::int64_t> paid_by(const Payments& payments, const std::string& payment) {
    const auto paid = payments.find(payment);
    if (paid == payments.end() || paid->second <= 0) return std::nullopt;
    return paid->second;
}

}  // namespace

std::int64_t refunded_cents(
    std::int64_t order_cents, const Payments& payments, const std::vector<RefundTold>& told
) {
    Teller order;
    std::map<std::string, Teller> by_payment;
    std::map<std::string, std::int64_t> ids;  // by whomever they were told: each is a refund
    for (const auto& each : told) {
        auto& teller = each.payment.empty() ? order : by_payment[each.payment];
        auto cents = each.cents;
        if (!cents && !each.so_far)
            cents = paid_by(payments, each.payment).value_or(order_cents);  // all of it
        if (cents) {
            teller.hear(*cents, each);
            if (!each.refund_id.empty()) {
                auto& most = ids[each.refund_id];
                most = std::max(most, *cents);
            }
        }
        if (each.so_far) teller.hear_so_far(*each.so_far);
    }
    std::int64_t with_id = 0, by_payments = 0;
    for (const auto& [id, cents] : ids) with_id += cents;
    for (const auto& [payment, teller] : by_payment)
        by_payments += std::min(teller.sum(), paid_by(payments, payment).value_or(order_cents));
    return std::min(order_cents, std::max({with_id, order.sum(), by_payments}));
}

}  // namespace vitrine::projections
