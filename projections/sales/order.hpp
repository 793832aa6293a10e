#pragma once

#include <cstdint>
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

/// An order of the platform, from what was told of it in whatever order and however often.
struct SoldOrder {
    std::string clubify_offer_id, currency, source, medium, campaign;  // as told first
    std::int64_t counted_at = 0;  // microseconds, of the first settlement; 0: it does not count
    bool cancelled = false;
    Position position = 0;  // of the last event
    // Of the order's own amounts the one that counts: of a settlement before that of its creation,
    // then the latest, then the greatest.
    std::int64_t amount_rank = 0, amount_at = 0, told_cents = 0;
    Payments payments;
    std::vector<RefundTold> refunds;

    std::int64_t amount_cents() const;
    std::int64_t refunded_cents() const;
    std::size_t bytes() const;

    /// Payments and refunds as one text, and back.
    std::string movements() const;
    void read_movements(std::string_view text);
};

void fold(SoldOrder& order, std::string_view type, OrderTold told);

}  // namespace vitrine::projections
