#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/json_fwd.hpp"
#include "core/phrase.hpp"
#include "events/orders.hpp"

// What a delivery says of an order or a payment (docs/webhooks.md). Pure.
namespace vitrine::commands {

struct OrderFacts {
    /// Without the time of sending and the delivery's id, which are not of what it says.
    std::optional<events::ClubifyOrderEvent> order;
    std::string stream;  // that keeps it: "order-…", "payment-…"
    Phrase ignored;      // why there is no `order`
    Phrase unclear;      // what was not understood; there may be an `order` all the same
};

/// `event` is the platform's name, in lower case.
OrderFacts read_order_facts(std::string_view event, const Json& data);

/// Whether by this the order counts: order.paid, order.completed, payment.paid.
bool settles(const events::ClubifyOrderEvent& event);

/// What a settlement without a currency, of an offer whose currency nobody knows, leaves unclear.
inline constexpr Term no_currency = {
    "it tells no currency, and its offer is not known",
    "não diz a moeda, e a oferta não é conhecida"
};

}  // namespace vitrine::commands
