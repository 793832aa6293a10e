#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json_text.hpp"
#include "core/time.hpp"
#include "gateways/effects.hpp"

// The port of payments: what whoever wants money moved says, whoever moves it. Each provider is a
// gateway of its own (`connector_of`), which makes its own requests of these effects. What it tells
// of a charge (Done::told) has
//
//     status   authorized, pending, requires_action, captured, voided, expired, declined, refunded,
//              disputed
//     pix      {qr_code, expires_at}   boleto {line, url, due_date}   action {type, url}
//     captured_cents, refunded_cents   that were so far
//
// and of one that is declined (Refused::told) code and retryable.
namespace vitrine::payments {

/// The providers.
inline constexpr std::string_view clubify = "clubify", pagarme = "pagarme";

/// "payments-clubify"
std::string connector_of(std::string_view provider);

/// Whether the provider charges in that currency by that method (credit_card, pix, boleto).
bool takes(std::string_view provider, std::string_view method, std::string_view currency);

/// What a charge is of. The card comes as a token alone.
struct Order {
    std::string charge_id;    // ours
    std::string checkout_id;  // ours; by it the charge is found again
    std::string platform_checkout_id, platform_customer_id;  // may be empty
    std::string customer_id;  // ours; may be empty. Whom it names is opened when it is sent
    std::string method;       // credit_card, pix, boleto
    std::int64_t amount_cents = 0;
    std::string currency;
    std::int64_t installments = 1;
    std::optional<std::string> card_token;
    std::optional<std::int64_t> expires_in;  // seconds
    std::optional<Timestamp> payable_until;  // of what is paid later
};

/// What goes back of a charge.
struct Refund {
    std::int64_t amount_cents = 0;
    /// Of what went back before it, as the log has it: by their sum a provider that knows no key of
    /// a refund tells whether this one is made.
    std::int64_t refunded_before_cents = 0;
    std::string reason;
};

/// One movement of money: under this key it is made once, whoever asks for it, and however often.
/// `asked_before`: it may have been made, so that the provider is asked before anything is sent.
struct Movement {
    std::string key;
    bool asked_before = false;
};

/// The acts, as they stand in Effect::settle.
inline constexpr std::string_view authorizes = "authorize", issues = "issue", captures = "capture",
                                  voids = "void", refunds = "refund", looks = "look";

/// Holds the amount on a card, or issues a Pix or a boleto.
gateways::Effect authorize(std::string_view provider, const Movement& movement, const Order& order);
gateways::Effect issue(std::string_view provider, const Movement& movement, const Order& order);
gateways::Effect capture(
    std::string_view provider,
    const Movement& movement,
    std::string payment_id,
    std::int64_t amount_cents
);
/// Of what is authorised, or was issued and is not paid.
gateways::Effect void_charge(
    std::string_view provider, const Movement& movement, std::string payment_id
);
gateways::Effect refund(
    std::string_view provider,
    const Movement& movement,
    std::string payment_id,
    const Refund& refund
);
/// What it is now.
gateways::Effect look(std::string_view provider, std::string payment_id);

}  // namespace vitrine::payments
