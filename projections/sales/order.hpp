#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/envelope.hpp"
#include "projections/payload.hpp"
#include "projections/sales/refunds.hpp"

namespace vitrine::projections {

/// What an event says of an order, as far as sales care.
struct OrderTold {
    std::string order_id, payment_id, clubify_offer_id, currency, source, medium, campaign;
    std::string delivery_id, changed_at;
    RefundTold refund;                  // of a refund
    std::optional<std::int64_t> cents;  // of anything else
    Timestamp sent_at;
};

OrderTold read_order_told(Payload& payload, const events::RecordedEvent& event);

/// An amount that the order itself told. Of several that of a settlement counts before that of its
/// creation, then the latest, then the greatest.
struct OwnAmount {
    std::int64_t rank = 0, at = 0, cents = 0;
    auto operator<=>(const OwnAmount&) const = default;
};

/// An order of the platform, from what was told of it in whatever order and however often.
struct SoldOrder {
    std::string clubify_offer_id, source, medium, campaign;  // as told first
    /// Its own settlement's, else its creation's, else its payments'; of several the one that was
    /// sent first, then the first by letter. Empty: not told.
    std::string currency;
    std::int64_t currency_rank = 0, currency_at = 0;
    std::int64_t counted_at = 0;  // microseconds, of the first settlement; 0: it does not count
    bool cancelled = false;
    Position position = 0;  // of the last event
    // By currency, empty: not told. Which of them counts is known only when all is told.
    std::map<std::string, OwnAmount> own_amounts;
    std::map<std::string, Payments> payments;
    std::vector<RefundTold> refunds;

    std::int64_t amount_cents() const;
    std::int64_t refunded_cents() const;
    std::size_t bytes() const;

    /// All but the columns that queries read, as one text, and back.
    std::string movements() const;
    void read_movements(std::string_view text);

private:
    bool counts_in(std::string_view told_currency) const;
    Payments paid() const;
};

void fold(SoldOrder& order, std::string_view type, OrderTold told);

}  // namespace vitrine::projections
