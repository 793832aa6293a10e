#pragma once

#include <string>

#include "events/checkouts.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// A provider of payments says that something has become of a charge of ours: it is never believed,
/// the charge is asked for. Alone in the stream hook-<its id>, so that the same one is kept once.
/// Of its body nothing else is kept.
struct PaymentHookReceived {
    static constexpr std::string_view event_type = "PaymentHookReceived";
    std::string provider;    // "pagarme"
    std::string hook_id;     // the provider's
    std::string event;       // the provider's name: "charge.paid"
    std::string signal;      // what it says, as the platform names it: "payment.paid"
    std::string payment_id;  // the provider's; empty: it names none
    CheckoutId checkout_id;
    bool operator==(const PaymentHookReceived&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    PaymentHookReceived, (), (provider, hook_id, event, signal, payment_id, checkout_id)
)

template <>
inline constexpr std::string_view category_of_events<PaymentHookReceived> = "hook";
template <>
inline constexpr bool absent_when_empty<&PaymentHookReceived::payment_id> = true;

}  // namespace vitrine::events
