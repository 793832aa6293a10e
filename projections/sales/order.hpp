#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/envelope.hpp"
#include "projections/payload.hpp"
#include "projections/sales/checkout_order.hpp"
#include "projections/sales/refunds.hpp"
#include "projections/sales/whole_order.hpp"

namespace vitrine::projections {

/// What the platform says of an order piece by piece.
struct OrderTold {
    std::string order_id, payment_id, clubify_offer_id, currency, source, medium, campaign;
    std::string delivery_id, changed_at;
    RefundTold refund;                  // of a refund
    std::optional<std::int64_t> cents;  // of anything else
    Timestamp sent_at;
    std::optional<Timestamp> placed_at;
    std::string clubify_customer_id, payment_method;
    std::string lines;  // JSON; empty: not told
    std::int64_t discount_cents = 0, shipping_cents = 0;
};

OrderTold read_order_told(Payload& payload, const events::RecordedEvent& event);

/// An amount that the order itself told. Of several that of a settlement counts before that of its
/// creation, then the latest, then the greatest.
struct OwnAmount {
    std::int64_t rank = 0, at = 0, cents = 0;
    auto operator<=>(const OwnAmount&) const = default;
};

/// What was in the order, by the platform; of several tellings as with OwnAmount.
struct Contents {
    std::int64_t rank = 0, at = 0, discount_cents = 0, shipping_cents = 0;
    std::string lines;  // JSON; empty: not told
    auto operator<=>(const Contents&) const = default;
};

/// What of an order is of one offer.
struct OfferPart {
    std::string offer;  // as it was told; empty: not told
    std::int64_t revenue_cents = 0, refunded_cents = 0;
    bool operator==(const OfferPart&) const = default;
};

/// An order as all that was told of it comes to.
struct OrderSum {
    std::string status;
    std::int64_t placed_at = 0, counted_at = 0;  // microseconds; 0: not told, it does not count
    std::string currency, source, medium, campaign, payment_method;
    std::string customer_id, clubify_customer_id;  // empty: not told
    std::string told_by;                           // who told of it first
    std::int64_t total_cents = 0, discount_cents = 0, shipping_cents = 0;
    std::int64_t refunded_cents = 0;  // of the total
    std::int64_t returned_cents = 0;  // by lines below zero: the total is without it
    std::string lines;                // JSON; empty: not told
    /// What the total is above lines and shipping without discount; nullopt: no lines were told.
    std::optional<std::int64_t> unexplained_cents;
    bool cancelled = false, gave_back = false, is_return = false;
    /// By offer, at least one; revenue before refunds and without returns.
    std::vector<OfferPart> parts;

    bool counts() const { return counted_at != 0 && !cancelled; }
};

/// An order, from what was told of it in whatever order and however often: by the platform piece
/// by piece, and by those who have all of it.
struct SoldOrder {
    std::string clubify_offer_id, source, medium, campaign;  // as told first, piece by piece
    std::string clubify_customer_id, payment_method;         // likewise
    std::string told_by;                                     // who told of it first
    /// Its own settlement's, else its creation's, else its payments'; of several the one that was
    /// sent first, then the first by letter. Empty: not told.
    std::string currency;
    std::int64_t currency_rank = 0, currency_at = 0;
    std::int64_t counted_at = 0;  // microseconds, of the first settlement; 0: it does not count
    std::int64_t placed_at = 0;   // microseconds; 0: not told
    bool cancelled = false, completed = false;
    Position position = 0;  // of the last event
    // By currency, empty: not told. Which of them counts is known only when all is told.
    std::map<std::string, OwnAmount> own_amounts;
    std::map<std::string, Payments> payments;
    std::vector<RefundTold> refunds;
    Contents contents;
    std::map<std::string, WholeOrder> wholes;  // the last of each teller

    OrderSum sum() const;
    std::size_t bytes() const;

    /// All of it but told_by and position, as one text, and back.
    std::string movements() const;
    void read_movements(std::string_view text);

private:
    struct Money;
    Money money() const;
};

void fold(SoldOrder& order, std::string_view type, OrderTold told);
void fold(SoldOrder& order, WholeOrder told);
/// Of a checkout that told of the order before.
void fold(SoldOrder& order, const GivenBack& given_back, Payload& payload);

}  // namespace vitrine::projections
