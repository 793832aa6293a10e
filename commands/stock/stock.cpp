#include "commands/stock/stock.hpp"

#include "core/overloaded.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

Rejection committed(std::int64_t covered, std::int64_t in_use) {
    return {
        "stock-committed",
        phrase(
            "{} units are reserved or allocated, and no more than {} could be given away.",
            "{} unidades estão reservadas ou alocadas, e não mais que {} poderiam ser entregues.",
            in_use,
            covered
        ),
        {}
    };
}

void drop(StockState& state, const ReservationId& reservation) {
    const auto found = state.held.find(reservation);
    if (found == state.held.end()) return;
    state.held_in_all -= found->second.quantity;
    state.by_expiry.erase({found->second.expires_at, reservation});
    state.held.erase(found);
}

/// Of a state that is decided: what is promised stays covered.
std::optional<Rejection> why_not(const StockState& state, Timestamp now) {
    const auto in_use = state.allocated + state.reserved(now);
    const auto covered = state.on_hand + state.backorder_limit;
    if (!state.tracked || covered >= in_use) return std::nullopt;
    return committed(covered, in_use);
}

StockDecision with(StockEvents events, events::StockEvent last) {
    events.push_back(std::move(last));
    return events;
}

}  // namespace

std::string stock_id_of(std::string_view sku) {
    return as_seen(sku);
}

StreamName stock_stream(std::string_view sku) {
    return StreamName("stock-" + stock_id_of(sku));
}

std::int64_t StockState::reserved(Timestamp now) const {
    auto sum = held_in_all;
    for (const auto& [until, reservation] : by_expiry) {
        if (until > now) break;
        sum -= held.at(reservation).quantity;
    }
    return sum;
}

std::int64_t StockState::free_for(const ReservationId& reservation, Timestamp now) const {
    auto free = on_hand + backorder_limit - safety - allocated - reserved(now);
    const auto own = held.find(reservation);
    if (own != held.end() && own->second.expires_at > now) free += own->second.quantity;
    return free;
}

StockDecision decide(const SetStock& command, const StockState& state, Timestamp now) {
    events::StockSet set;
    set.sku = state.sku;
    set.on_hand = command.on_hand;
    set.backorder_limit = command.backorder_limit.value_or(state.backorder_limit);
    set.safety = command.safety.value_or(state.safety);
    const bool tracked =
        command.policy ? *command.policy == "tracked" : !state.is_set || state.tracked;
    set.policy = tracked ? "tracked" : "untracked";
    const bool is_so = state.is_set && state.on_hand == set.on_hand &&
                       state.backorder_limit == set.backorder_limit && state.safety == set.safety &&
                       state.tracked == tracked;
    if (is_so) return StockEvents{};
    if (auto reason = why_not(evolve(state, set), now)) return std::unexpected(*std::move(reason));
    return with(expired(state, now), std::move(set));
}

StockDecision decide(const AdjustStock& command, const StockState& state, Timestamp now) {
    events::StockAdjusted adjusted;
    adjusted.sku = state.sku;
    adjusted.delta = command.delta;
    adjusted.on_hand = state.on_hand + command.delta;
    adjusted.reason = command.reason;
    if ((adjusted.on_hand < 0 && command.delta < 0) || adjusted.on_hand > most_stock) {
        return std::unexpected(invalid(
            {{"/delta",
              "out_of_range",
              phrase(
                  "would make {} of {} on hand: it must stay between 0 and {}",
                  "faria {} de {} em estoque: deve ficar entre 0 e {}",
                  adjusted.on_hand,
                  state.on_hand,
                  most_stock
              )}}
        ));
    }
    if (command.delta < 0) {
        if (auto reason = why_not(evolve(state, adjusted), now))
            return std::unexpected(*std::move(reason));
    }
    return with(expired(state, now), std::move(adjusted));
}

StockEvents expired(const StockState& state, Timestamp now, std::size_t most) {
    StockEvents events;
    for (const auto& [until, reservation] : state.by_expiry) {
        if (until > now || events.size() >= most) break;
        events.emplace_back(events::StockReservationExpired{
            state.sku, reservation, state.held.at(reservation).quantity
        });
    }
    return events;
}

StockState evolve(StockState state, const events::StockEvent& event) {
    std::visit(
        overloaded{
            [&](const events::StockSet& e) {
                state.sku = e.sku;
                state.is_set = true;
                state.tracked = e.policy == "tracked";
                state.on_hand = e.on_hand;
                state.backorder_limit = e.backorder_limit;
                state.safety = e.safety;
            },
            [&](const events::StockAdjusted& e) { state.on_hand = e.on_hand; },
            [&](const events::StockReserved& e) {
                drop(state, e.reservation_id);
                state.held[e.reservation_id] = {e.quantity, e.expires_at};
                state.by_expiry.emplace(e.expires_at, e.reservation_id);
                state.held_in_all += e.quantity;
            },
            [&](const events::StockReservationExpired& e) { drop(state, e.reservation_id); },
            [&](const events::StockReleased& e) { drop(state, e.reservation_id); },
            [&](const events::StockAllocated& e) {
                drop(state, e.reservation_id);
                state.allocated += e.quantity;
            },
            [&](const events::StockDeallocated& e) { state.allocated -= e.quantity; },
            [&](const events::StockFulfilled& e) {
                state.allocated -= e.quantity;
                state.on_hand -= e.quantity;
            },
            [](const events::StockShortfall&) {},
        },
        event
    );
    return state;
}

}  // namespace vitrine::commands
