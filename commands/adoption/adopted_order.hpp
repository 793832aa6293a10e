#pragma once

#include <expected>

#include "commands/adoption/our_ids.hpp"
#include "core/phrase.hpp"
#include "events/orders.hpp"
#include "gateways/clubify/listed_orders.hpp"

namespace vitrine::commands {

/// An order of the platform as an event of ours. It counts when it is paid, and not when it was
/// cancelled. Why not: its id is none that a stream can have, its currency is none. Pure.
std::expected<events::OrderRecorded, Phrase> adopted_order(
    const clubify::ListedOrder& order, const OurIds& ours
);

}  // namespace vitrine::commands
