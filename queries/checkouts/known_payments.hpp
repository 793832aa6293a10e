#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json_text.hpp"
#include "store/event_store.hpp"

// The payments of a checkout as the log has them, and what a provider says of one. Pure.
namespace vitrine::queries {

/// Each attempt to pay is one.
struct KnownPayment {
    std::string checkout_id, charge_id;
    std::string provider;    // of the port of payments
    std::string payment_id;  // the provider's; empty: it has not told one
    std::int64_t captured_cents = 0;
    std::int64_t refunded_cents = 0;   // by the provider
    std::int64_t refunding_cents = 0;  // that may have gone back, or not
    bool is_disputed = false;
    bool is_lost = false;    // to the bank: some providers call that a refund
    bool is_let_go = false;  // voided
    bool operator==(const KnownPayment&) const = default;
};

/// Out of the events of its stream, in their order.
std::vector<KnownPayment> payments_in(const std::vector<store::RecordedEvent>& events);

/// One member that is not the same there.
struct PaymentDifference {
    std::string checkout_id, charge_id, payment_id, provider;
    std::string field;         // payment, status, captured_cents, refunded_cents
    std::string ours, theirs;  // as texts
    bool operator==(const PaymentDifference&) const = default;
};

/// `told`: what the provider says of it (gateways/payments/payments.hpp); empty: it knows none.
std::vector<PaymentDifference> differences(const KnownPayment& ours, const JsonText& told);

}  // namespace vitrine::queries
