#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "commands/engine/states.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/stock.hpp"

// The write model of the stock of one SKU. Pure. docs/stock.md has the rules.
namespace vitrine::commands {

using events::ReservationId;

struct SetStock {
    std::int64_t on_hand = 0;
    std::optional<std::int64_t> backorder_limit;  // nullopt: as it is
    std::optional<std::int64_t> safety;
    std::optional<std::string> policy;
};

struct AdjustStock {
    std::int64_t delta = 0;
    std::string reason;
};

/// Any amount that a stock is told of; sums of many do not reach 64 bits.
inline constexpr std::int64_t most_stock = 1'000'000'000'000;

/// What decisions must know of it. A SKU that was never set is not tracked.
struct StockState {
    struct Held {
        std::int64_t quantity = 0;
        Timestamp expires_at;
    };

    std::string sku;
    bool is_set = false;
    bool tracked = false;
    std::int64_t on_hand = 0, backorder_limit = 0, safety = 0;
    std::int64_t allocated = 0;
    std::map<ReservationId, Held> held;
    std::set<std::pair<Timestamp, ReservationId>> by_expiry;  // of those
    std::int64_t held_in_all = 0;                             // with what has expired

    /// Of reservations that are not over at that time.
    std::int64_t reserved(Timestamp now) const;
    /// What a reservation can have at that time, with what it holds itself.
    std::int64_t free_for(const ReservationId& reservation, Timestamp now) const;
};

using StockEvents = std::vector<events::StockEvent>;
using StockDecision = std::expected<StockEvents, Rejection>;

/// The key of a SKU: what cannot be seen does not count.
std::string stock_id_of(std::string_view sku);
StreamName stock_stream(std::string_view sku);

StockDecision decide(const SetStock& command, const StockState& state, Timestamp now);
StockDecision decide(const AdjustStock& command, const StockState& state, Timestamp now);

/// What tells that reservations are over, the earliest first, at most `most`.
StockEvents expired(const StockState& state, Timestamp now, std::size_t most = 100);

StockState evolve(StockState state, const events::StockEvent& event);

template <>
struct Evolving<events::StockEvent> {
    using State = StockState;
    static State evolve(State state, const events::StockEvent& event) {
        return commands::evolve(std::move(state), event);
    }
};

}  // namespace vitrine::commands
