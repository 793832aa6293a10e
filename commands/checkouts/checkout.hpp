#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "commands/stock/reservation.hpp"
#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "events/checkouts.hpp"
#include "events/processes.hpp"
#include "gateways/effects.hpp"
#include "gateways/payments/payments.hpp"
#include "rules/bumps/checkout.hpp"

// The write model of one checkout, with what its saga has done. Pure.
namespace vitrine::commands {

/// What is priced: by rules at their revisions, elsewhere.
struct CheckoutQuote {
    JsonText json;
    std::string currency;
    std::int64_t total_cents = 0;
    Timestamp valid_until;
};
using QuoteDecision = std::expected<CheckoutQuote, std::vector<Fault>>;

/// Who buys: somebody who is known, or what is told of them (the body of PutCustomer).
struct Buyer {
    std::optional<std::string> customer_id, clubify_customer_id;
    std::optional<std::string> told;  // JSON
    bool is_there() const { return customer_id || told; }
};

struct PayTerms {
    std::string method;  // credit_card, pix, boleto
    std::optional<std::string> card_token;
    std::optional<std::int64_t> installments;
    std::optional<std::int64_t> expires_in;  // seconds
};

struct OpenCheckout {
    OfferId offer_id;
    JsonText items;
    std::optional<std::string> coupon, session;
    std::optional<std::int64_t> shipping_cents;
    JsonText utm;
    std::optional<PayTerms> pay;
};
struct ChangeCheckout {
    std::optional<JsonText> items;
    Edited<std::string> coupon;
    std::optional<std::int64_t> shipping_cents;
    bool names_buyer = false;
};
struct PayCheckout {
    PayTerms terms;
};
struct CancelCheckout {
    std::optional<std::string> reason;
};
/// Of one line of the quote: so much, so many of its pieces, or all that is left of it.
struct LineToRefund {
    std::int64_t line = 0;  // its place, from 0
    std::optional<std::int64_t> quantity, amount_cents;
};
struct RefundCheckout {
    std::optional<std::int64_t> amount_cents;
    std::string reason;
    std::vector<LineToRefund> lines = {};
};
struct ResolveStep {
    std::string step, action, evidence;
};

/// A step of the saga, as its last try has ended.
struct CheckoutAct {
    std::string outcome;  // see events::effect_outcome; empty: it is under way
    std::string created;
    bool is_late = false;  // it was put off: it takes longer than a request waits
    std::string problem;
    Phrase detail;

    bool is_done() const { return outcome == events::effect_outcome::done; }
};

struct CheckoutRefund {
    std::string id;
    std::int64_t amount_cents = 0;
    bool done = false;
    std::vector<events::RefundedLine> lines = {};
};

struct SoldLine {
    std::int64_t quantity = 0;
    std::int64_t total_cents = 0;
    std::int64_t refunded_cents = 0;  // with what is being refunded
};

/// What has become of a blocked step is for a person to say.
struct BlockedStep {
    std::string problem;
    std::int64_t amount_cents = 0;
};

struct CheckoutState {
    enum class Charge { none, asked, pending, authorized, captured, declined, voided };
    enum class End { none, completed, failed, cancelled, expired };

    Version version = 0;  // 0: there is none
    events::CheckoutId id;
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::optional<std::string> checkout_url;
    Buyer buyer;
    std::optional<std::string> coupon, session;
    std::optional<std::int64_t> shipping_cents;
    JsonText utm, items, quote;
    std::vector<WantedItem> goods;  // of the quote: each SKU once
    std::vector<SoldLine> lines;    // of the quote
    std::string currency;
    std::int64_t total_cents = 0;
    Timestamp quote_valid_until, expires_at;

    std::int64_t attempt = 0;  // of paying
    events::PaymentAsked payment;
    std::string payment_id;  // the provider's
    Charge charge = Charge::none;
    JsonText pix, boleto, action;
    std::string decline_code;
    bool may_retry = false;

    std::int64_t captured_cents = 0, refunded_cents = 0, disputed_cents = 0;
    std::vector<CheckoutRefund> refunds;

    End end = End::none;
    bool in_flight = false;     // a payment was asked for, and it is not decided what comes of it
    std::string order_id;       // the platform's
    gateways::Refusal stopped;  // why the last payment came to nothing; empty problem: it did not

    std::int64_t round = 0;    // keys of the steps: each payment, and a revival, begins one
    std::int64_t signals = 0;  // that ask for a look at the charge
    std::int64_t looked = 0;   // the last of them of which a look has ended
    bool last_look = false;    // its time is over: one look, then it ends
    std::map<std::string, CheckoutAct, std::less<>> acts;      // by step
    std::map<std::string, std::int64_t, std::less<>> retried;  // by step: by a person
    std::map<std::string, BlockedStep, std::less<>> blocked;   // by step

    rules::bumps::OfCheckout bumps;  // as load_checkout folds it

    bool has_ended_without_order() const { return end != End::none && end != End::completed; }
    std::int64_t refunding_cents() const;
    /// Captured, and neither given back nor about to be.
    std::int64_t kept_cents() const {
        return captured_cents - refunded_cents - disputed_cents - refunding_cents();
    }
    const CheckoutAct* act(std::string_view step) const;
    bool is_done(std::string_view step) const;
    bool has_ended(std::string_view step) const;
};

/// opened, paying, pending_payment, unknown, declined, paid, completed, failed, expired, cancelled,
/// review
std::string_view status_name(const CheckoutState& state);

using CheckoutEvents = std::vector<events::CheckoutEvent>;
using CheckoutDecision = std::expected<CheckoutEvents, Rejection>;

/// How often a card may be tried.
inline constexpr std::int64_t most_attempts = 3;

/// What decisions on paying need besides: the quote that goes now.
struct OfferedNow {
    Timestamp now;
    QuoteDecision quote;
    std::string provider = std::string(payments::clubify);  // of payments that are begun now
};

/// Of the offer that is bought.
struct SoldOffer {
    ClubifyId clubify_id;
    std::optional<std::string> checkout_url;
    std::string status;
    std::optional<std::int64_t> revision = {};  // of its rulebook, that counts now
};

CheckoutDecision decide(
    const OpenCheckout& command,
    const events::CheckoutId& id,
    const SoldOffer& offer,
    const Buyer& buyer,
    const OfferedNow& offered
);
CheckoutDecision decide(
    const ChangeCheckout& command,
    const CheckoutState& state,
    const std::optional<Buyer>& buyer,
    const OfferedNow& offered
);
/// No events: it is paid, or waits for that payment, already.
CheckoutDecision decide(
    const PayCheckout& command, const CheckoutState& state, const OfferedNow& offered
);
/// Why nothing of it may be changed any more; nullopt: it may.
std::optional<Rejection> why_not_changed(const CheckoutState& state, Timestamp now);
/// The same with that quote, and who buys.
events::CheckoutChanged changed_to(
    const CheckoutState& state, const Buyer& buyer, const CheckoutQuote& quote
);

CheckoutDecision decide(const CancelCheckout& command, const CheckoutState& state);
CheckoutDecision decide(
    const RefundCheckout& command, const CheckoutState& state, const std::string& refund_id
);
CheckoutDecision decide(const ResolveStep& command, const CheckoutState& state);

CheckoutState evolve(CheckoutState state, const events::CheckoutEvent& event);
/// Outcomes of the saga's steps.
CheckoutState evolve(CheckoutState state, const events::ProcessEvent& event);

/// Members of what is answered: the status, what is to be paid, what the buyer is to do.
JsonText answer_of(const CheckoutState& state);

}  // namespace vitrine::commands
