#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"
#include "events/person_text.hpp"

// A checkout and the money that moves for it, in the stream sale-<id>. What is charged is the fold
// of the transactions (Charge…, Refund…). These are stored for ever. Add members; never rename one,
// never reuse a name.
namespace vitrine::events {

using CheckoutId = Strong<struct CheckoutIdTag>;

/// An order bump that is bought, at the price for which it was accepted.
struct AcceptedBump {
    std::string bump;
    ProductId product_id;
    ClubifyId clubify_product_id;
    std::optional<std::string> sku;
    std::string name;
    std::int64_t unit_cents = 0;  // without the discount of the bump
    std::int64_t price_cents = 0;
    std::string price_rule;  // the stream that says unit_cents, and its version
    Version price_revision = 0;
    std::int64_t revision = 0;  // of the offer's rulebook
    bool operator==(const AcceptedBump&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    AcceptedBump,
    (),
    (bump,
     product_id,
     clubify_product_id,
     sku,
     name,
     unit_cents,
     price_cents,
     price_rule,
     price_revision,
     revision)
)

/// Nothing is reserved yet.
struct CheckoutOpened {
    static constexpr std::string_view event_type = "CheckoutOpened";
    CheckoutId checkout_id;
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::optional<std::string> checkout_url;  // the offer's
    std::optional<std::string> customer_id;
    std::optional<std::string> clubify_customer_id;
    std::optional<PersonText> customer;  // JSON, of somebody who is not known yet
    std::optional<std::string> coupon;
    std::optional<std::int64_t> shipping_cents;
    std::optional<std::string> session;
    JsonText utm;
    JsonText items;  // that were asked for; absent: what the offer sells
    JsonText quote;
    std::string currency;
    std::int64_t total_cents = 0;
    Timestamp quote_valid_until;
    Timestamp expires_at;
    std::optional<std::int64_t> revision;  // of the offer's rulebook; absent: none was published
    bool operator==(const CheckoutOpened&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CheckoutOpened,
    (),
    (checkout_id,
     offer_id,
     clubify_offer_id,
     checkout_url,
     customer_id,
     clubify_customer_id,
     customer,
     coupon,
     shipping_cents,
     session,
     utm,
     items,
     quote,
     currency,
     total_cents,
     quote_valid_until,
     expires_at,
     revision)
)

/// Who buys what, and a new quote: all of it is so from now on.
struct CheckoutChanged {
    static constexpr std::string_view event_type = "CheckoutChanged";
    CheckoutId checkout_id;
    std::optional<std::string> customer_id;
    std::optional<std::string> clubify_customer_id;
    std::optional<PersonText> customer;
    std::optional<std::string> coupon;
    std::optional<std::int64_t> shipping_cents;
    JsonText items;
    JsonText quote;
    std::string currency;
    std::int64_t total_cents = 0;
    Timestamp quote_valid_until;
    bool operator==(const CheckoutChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CheckoutChanged,
    (),
    (checkout_id,
     customer_id,
     clubify_customer_id,
     customer,
     coupon,
     shipping_cents,
     items,
     quote,
     currency,
     total_cents,
     quote_valid_until)
)

/// What order bumps were decided by, once for all decisions that it led to.
struct BumpsDecided {
    static constexpr std::string_view event_type = "BumpsDecided";
    CheckoutId checkout_id;
    std::string decision;  // a hash of the revision and the inputs
    std::int64_t revision = 0;
    JsonText inputs;
    bool operator==(const BumpsDecided&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpsDecided, (), (checkout_id, decision, revision, inputs))

/// The buyer has seen it: once for each checkout, however often the page is loaded.
struct BumpDisplayed {
    static constexpr std::string_view event_type = "BumpDisplayed";
    CheckoutId checkout_id;
    OfferId offer_id;
    std::string bump;
    std::string decision;
    Timestamp decided_at;
    std::int64_t price_cents = 0;
    std::optional<std::string> session;
    std::optional<std::string> customer_id;
    bool operator==(const BumpDisplayed&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    BumpDisplayed,
    (),
    (checkout_id, offer_id, bump, decision, decided_at, price_cents, session, customer_id)
)

/// Its price is frozen; the quote that goes with it follows.
struct BumpAccepted {
    static constexpr std::string_view event_type = "BumpAccepted";
    CheckoutId checkout_id;
    OfferId offer_id;
    AcceptedBump accepted;
    std::string decision;
    Timestamp decided_at;
    bool operator==(const BumpAccepted&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpAccepted, (), (checkout_id, offer_id, accepted, decision, decided_at))

/// The buyer does not want it, or wants it no more.
struct BumpDeclined {
    static constexpr std::string_view event_type = "BumpDeclined";
    CheckoutId checkout_id;
    OfferId offer_id;
    std::string bump;
    std::string decision;
    Timestamp decided_at;
    bool operator==(const BumpDeclined&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpDeclined, (), (checkout_id, offer_id, bump, decision, decided_at))

/// The cart is no longer one to which the accepted bump would be offered.
struct BumpReconsidered {
    static constexpr std::string_view event_type = "BumpReconsidered";
    CheckoutId checkout_id;
    OfferId offer_id;
    std::string bump;
    std::string outcome;           // kept, repriced, removed
    std::int64_t price_cents = 0;  // from now on; 0 of one that is removed
    std::string decision;
    Timestamp decided_at;
    bool operator==(const BumpReconsidered&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    BumpReconsidered, (), (checkout_id, offer_id, bump, outcome, price_cents, decision, decided_at)
)

/// The buyer wants to pay: what follows from it is the saga's.
struct PaymentAsked {
    static constexpr std::string_view event_type = "PaymentAsked";
    CheckoutId checkout_id;
    std::int64_t attempt = 1;
    std::string charge_id;
    std::string method;    // credit_card, pix, boleto; free: there is nothing to pay
    std::string provider;  // the connector of the payments
    std::int64_t amount_cents = 0;
    std::string currency;
    std::int64_t installments = 1;
    std::optional<PersonText> card_token;  // used once; never a number
    Timestamp asked_at;
    std::optional<Timestamp> payable_until;  // of what is paid later
    bool operator==(const PaymentAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    PaymentAsked,
    (),
    (checkout_id,
     attempt,
     charge_id,
     method,
     provider,
     amount_cents,
     currency,
     installments,
     card_token,
     asked_at,
     payable_until)
)

/// Nothing was charged, and the buyer may pay again, in another way or after a change.
struct PaymentStopped {
    static constexpr std::string_view event_type = "PaymentStopped";
    CheckoutId checkout_id;
    std::int64_t attempt = 1;
    std::string problem;  // the name of a problem type
    std::int64_t status = 409;
    std::string detail;
    std::string detail_pt;
    bool operator==(const PaymentStopped&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    PaymentStopped, (), (checkout_id, attempt, problem, status, detail, detail_pt)
)

struct ChargeAuthorized {
    static constexpr std::string_view event_type = "ChargeAuthorized";
    CheckoutId checkout_id;
    std::string charge_id;
    std::string payment_id;  // the provider's
    std::int64_t amount_cents = 0;
    std::string currency;
    bool operator==(const ChargeAuthorized&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ChargeAuthorized, (), (checkout_id, charge_id, payment_id, amount_cents, currency)
)

/// The buyer has to do something: to pay the Pix or the boleto, or to answer the bank.
struct ChargePending {
    static constexpr std::string_view event_type = "ChargePending";
    CheckoutId checkout_id;
    std::string charge_id;
    std::string payment_id;
    JsonText pix, boleto, action;  // what the buyer is shown: one of them
    bool operator==(const ChargePending&) const = default;
};
BOOST_DESCRIBE_STRUCT(ChargePending, (), (checkout_id, charge_id, payment_id, pix, boleto, action))

/// Of this attempt alone.
struct ChargeDeclined {
    static constexpr std::string_view event_type = "ChargeDeclined";
    CheckoutId checkout_id;
    std::string charge_id;
    std::string code;  // the provider's: "card_declined"
    bool retryable = false;
    bool operator==(const ChargeDeclined&) const = default;
};
BOOST_DESCRIBE_STRUCT(ChargeDeclined, (), (checkout_id, charge_id, code, retryable))

/// The money is ours: from here on the saga only goes forward, or gives it back.
struct ChargeCaptured {
    static constexpr std::string_view event_type = "ChargeCaptured";
    CheckoutId checkout_id;
    std::string charge_id;
    std::string payment_id;
    std::int64_t amount_cents = 0;
    std::string currency;
    bool operator==(const ChargeCaptured&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ChargeCaptured, (), (checkout_id, charge_id, payment_id, amount_cents, currency)
)

/// An authorisation, a Pix or a boleto that will not be charged.
struct ChargeVoided {
    static constexpr std::string_view event_type = "ChargeVoided";
    CheckoutId checkout_id;
    std::string charge_id;
    bool operator==(const ChargeVoided&) const = default;
};
BOOST_DESCRIBE_STRUCT(ChargeVoided, (), (checkout_id, charge_id))

/// The provider was told something of it, or says so: it is asked.
struct ChargeSignalled {
    static constexpr std::string_view event_type = "ChargeSignalled";
    CheckoutId checkout_id;
    std::string signal;  // the provider's: "payment.paid"
    bool operator==(const ChargeSignalled&) const = default;
};
BOOST_DESCRIBE_STRUCT(ChargeSignalled, (), (checkout_id, signal))

/// The buyer's bank has taken it back, until that is decided.
struct ChargeDisputed {
    static constexpr std::string_view event_type = "ChargeDisputed";
    CheckoutId checkout_id;
    std::string charge_id;
    std::int64_t amount_cents = 0;
    bool operator==(const ChargeDisputed&) const = default;
};
BOOST_DESCRIBE_STRUCT(ChargeDisputed, (), (checkout_id, charge_id, amount_cents))

/// Won: it is ours again. Lost: it has gone back.
struct DisputeEnded {
    static constexpr std::string_view event_type = "DisputeEnded";
    CheckoutId checkout_id;
    std::string charge_id;
    std::int64_t amount_cents = 0;
    bool won = false;
    std::optional<ClubifyId> clubify_order_id;  // absent: there is no order
    bool operator==(const DisputeEnded&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    DisputeEnded, (), (checkout_id, charge_id, amount_cents, won, clubify_order_id)
)

/// What of a refund is of one line of the quote. What is left of its amount is of shipping and
/// interest.
struct RefundedLine {
    std::int64_t line = 0;      // its place, from 0
    std::int64_t quantity = 0;  // that came back; 0: not told
    std::int64_t amount_cents = 0;
    bool operator==(const RefundedLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(RefundedLine, (), (line, quantity, amount_cents))
template <>
inline constexpr bool absent_when_empty<&RefundedLine::quantity> = true;

struct RefundAsked {
    static constexpr std::string_view event_type = "RefundAsked";
    CheckoutId checkout_id;
    std::string refund_id;
    std::int64_t amount_cents = 0;
    std::string reason;
    std::vector<RefundedLine> lines;  // none: the quote has none, or the event is of before 2026-12
    bool operator==(const RefundAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(RefundAsked, (), (checkout_id, refund_id, amount_cents, reason, lines))
template <>
inline constexpr bool absent_when_empty<&RefundAsked::lines> = true;

struct RefundDone {
    static constexpr std::string_view event_type = "RefundDone";
    CheckoutId checkout_id;
    std::string refund_id;
    std::int64_t amount_cents = 0;
    std::optional<ClubifyId> clubify_order_id;  // absent: there is no order
    std::vector<RefundedLine> lines;
    bool operator==(const RefundDone&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    RefundDone, (), (checkout_id, refund_id, amount_cents, clubify_order_id, lines)
)
template <>
inline constexpr bool absent_when_empty<&RefundDone::lines> = true;

/// The platform has the order. What it was, whole, so that an order can be made of it.
struct CheckoutCompleted {
    static constexpr std::string_view event_type = "CheckoutCompleted";
    CheckoutId checkout_id;
    ClubifyId clubify_order_id;
    OfferId offer_id;
    std::optional<std::string> customer_id;
    std::string currency;
    std::string payment_method;
    std::int64_t total_cents = 0;
    JsonText quote;
    JsonText utm;
    std::optional<ClubifyId> clubify_offer_id;  // absent before 2026-12
    std::optional<std::string> clubify_customer_id;
    bool operator==(const CheckoutCompleted&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CheckoutCompleted,
    (),
    (checkout_id,
     clubify_order_id,
     offer_id,
     customer_id,
     currency,
     payment_method,
     total_cents,
     quote,
     utm,
     clubify_offer_id,
     clubify_customer_id)
)

/// It ended without an order: what was done for it is undone.
struct CheckoutFailed {
    static constexpr std::string_view event_type = "CheckoutFailed";
    CheckoutId checkout_id;
    std::string problem;
    std::int64_t status = 409;
    std::string detail;
    std::string detail_pt;
    bool operator==(const CheckoutFailed&) const = default;
};
BOOST_DESCRIBE_STRUCT(CheckoutFailed, (), (checkout_id, problem, status, detail, detail_pt))

struct CheckoutCancelled {
    static constexpr std::string_view event_type = "CheckoutCancelled";
    CheckoutId checkout_id;
    std::optional<std::string> reason;
    bool operator==(const CheckoutCancelled&) const = default;
};
BOOST_DESCRIBE_STRUCT(CheckoutCancelled, (), (checkout_id, reason))

struct CheckoutExpired {
    static constexpr std::string_view event_type = "CheckoutExpired";
    CheckoutId checkout_id;
    bool operator==(const CheckoutExpired&) const = default;
};
BOOST_DESCRIBE_STRUCT(CheckoutExpired, (), (checkout_id))

/// It was paid after it had ended: what was undone is done again, or the money goes back.
struct CheckoutRevived {
    static constexpr std::string_view event_type = "CheckoutRevived";
    CheckoutId checkout_id;
    bool operator==(const CheckoutRevived&) const = default;
};
BOOST_DESCRIBE_STRUCT(CheckoutRevived, (), (checkout_id))

/// A step has ended in a way that nobody but a person can mend.
struct StepBlocked {
    static constexpr std::string_view event_type = "StepBlocked";
    CheckoutId checkout_id;
    std::string step;               // "complete", "void", "refund"
    std::string problem;            // why
    std::int64_t amount_cents = 0;  // that is at risk
    bool operator==(const StepBlocked&) const = default;
};
BOOST_DESCRIBE_STRUCT(StepBlocked, (), (checkout_id, step, problem, amount_cents))

/// Who decided, the event's actor says.
struct StepResolved {
    static constexpr std::string_view event_type = "StepResolved";
    CheckoutId checkout_id;
    std::string step;
    std::string action;  // retry, done, accept_loss, refund; found: the provider says it is done
    std::string evidence;
    std::int64_t amount_cents = 0;  // that is no longer blocked
    bool operator==(const StepResolved&) const = default;
};
BOOST_DESCRIBE_STRUCT(StepResolved, (), (checkout_id, step, action, evidence, amount_cents))

using CheckoutEvent = std::variant<
    CheckoutOpened,
    CheckoutChanged,
    BumpsDecided,
    BumpDisplayed,
    BumpAccepted,
    BumpDeclined,
    BumpReconsidered,
    PaymentAsked,
    PaymentStopped,
    ChargeAuthorized,
    ChargePending,
    ChargeDeclined,
    ChargeCaptured,
    ChargeVoided,
    ChargeSignalled,
    ChargeDisputed,
    DisputeEnded,
    RefundAsked,
    RefundDone,
    CheckoutCompleted,
    CheckoutFailed,
    CheckoutCancelled,
    CheckoutExpired,
    CheckoutRevived,
    StepBlocked,
    StepResolved>;

template <>
inline constexpr std::string_view category_of_events<CheckoutEvent> = "sale";

}  // namespace vitrine::events
