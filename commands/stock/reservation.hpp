#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/engine/several.hpp"
#include "commands/stock/stock.hpp"
#include "events/stock.hpp"

// The write model of reservations, each of one SKU or several: all of it or nothing. Pure.
namespace vitrine::commands {

struct WantedItem {
    std::string sku;  // as it came
    std::int64_t quantity = 0;
};

struct ReserveStock {
    std::string reference;
    std::vector<WantedItem> items;
    std::int64_t ttl_seconds = 0;
};
struct ConfirmReservation {};
struct ReleaseReservation {};
struct FulfilReservation {};

enum class ReservationStatus { none, reserved, confirmed, fulfilled, released };

struct ReservationState {
    ReservationId id;
    ReservationStatus status = ReservationStatus::none;
    std::string reference;
    std::vector<events::ReservedItem> items;
    Timestamp expires_at;
    bool told_expired = false;
};

/// "reserved", "expired" (by that time), "confirmed", …
std::string_view status_name(const ReservationState& state, Timestamp now);

/// What a decision rests on: the reservation, and the stock of each SKU that it has or wants, by
/// the key of that.
struct ReservationFacts {
    const ReservationState& reservation;
    ReservationId id;
    std::map<std::string, const StockState*> stocks;
};

using ReservationChanges = Changes<events::ReservationEvent, events::StockEvent>;
using ReservationDecision = std::expected<ReservationChanges, Rejection>;

/// The same of the same reference, within a tenant.
ReservationId reservation_id_of(std::string_view reference);
StreamName stream_of(const ReservationId& id);

std::vector<Fault> faults_of(const ReserveStock& command);

ReservationDecision decide(
    const ReserveStock& command, const ReservationFacts& facts, Timestamp now
);
ReservationDecision decide(
    const ConfirmReservation& command, const ReservationFacts& facts, Timestamp now
);
ReservationDecision decide(
    const ReleaseReservation& command, const ReservationFacts& facts, Timestamp now
);
ReservationDecision decide(
    const FulfilReservation& command, const ReservationFacts& facts, Timestamp now
);

ReservationState evolve(ReservationState state, const events::ReservationEvent& event);

template <>
struct Evolving<events::ReservationEvent> {
    using State = ReservationState;
    static State evolve(State state, const events::ReservationEvent& event) {
        return commands::evolve(std::move(state), event);
    }
};

}  // namespace vitrine::commands
