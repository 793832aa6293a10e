#include "commands/stock/reservation.hpp"

#include <algorithm>
#include <set>

#include "core/overloaded.hpp"
#include "core/uuid.hpp"

namespace vitrine::commands {
namespace {

using events::ReservedItem;

bool is_over(const ReservationState& state, Timestamp now) {
    return state.status == ReservationStatus::reserved && state.expires_at <= now;
}

std::unexpected<Rejection> illegal(Phrase detail) {
    return std::unexpected(Rejection{"illegal-transition", std::move(detail), {}});
}

/// What is wanted, by SKU, as it is kept.
std::vector<ReservedItem> items_of(const ReserveStock& command, const ReservationFacts& facts) {
    std::vector<ReservedItem> items;
    for (const auto& wanted : command.items) {
        const auto sku = stock_id_of(wanted.sku);
        items.push_back({sku, wanted.quantity, facts.stocks.at(sku)->tracked});
    }
    std::ranges::sort(items, {}, &ReservedItem::sku);
    return items;
}

bool is_same(const std::vector<ReservedItem>& a, const std::vector<ReservedItem>& b) {
    return std::ranges::equal(a, b, [](const ReservedItem& one, const ReservedItem& other) {
        return one.sku == other.sku && one.quantity == other.quantity;
    });
}

/// Of the events of stock that a decision makes, each on the stream of its SKU.
class StockChanges {
public:
    StockChanges(ReservationChanges& changes, const ReservationId& id)
        : changes_(changes), id_(id) {}

    template <class Event>
    void add(const ReservedItem& item) {
        Event event;
        event.sku = item.sku;
        event.reservation_id = id_;
        event.quantity = item.quantity;
        put(item.sku, std::move(event));
    }
    void put(const std::string& sku, events::StockEvent event) {
        changes_.events.emplace_back(On<events::StockEvent>{stock_stream(sku), std::move(event)});
    }

private:
    ReservationChanges& changes_;
    const ReservationId& id_;
};

template <class Event>
void tell(ReservationChanges& changes, const ReservationId& id) {
    changes.events.emplace_back(On<events::ReservationEvent>{stream_of(id), Event{id}});
}

Fault short_of(std::string pointer, std::int64_t wanted, std::int64_t free) {
    return {
        std::move(pointer),
        "out_of_stock",
        phrase(
            "{} wanted, {} available",
            "{} solicitados, {} disponíveis",
            wanted,
            std::max<std::int64_t>(free, 0)
        )
    };
}

}  // namespace

std::string_view status_name(const ReservationState& state, Timestamp now) {
    switch (state.status) {
        case ReservationStatus::none:
            return "none";
        case ReservationStatus::reserved:
            return is_over(state, now) ? "expired" : "reserved";
        case ReservationStatus::confirmed:
            return "confirmed";
        case ReservationStatus::fulfilled:
            return "fulfilled";
        case ReservationStatus::released:
            break;
    }
    return "released";
}

ReservationId reservation_id_of(std::string_view reference) {
    return ReservationId(uuid_of_text("reservation " + std::string(reference)));
}

StreamName stream_of(const ReservationId& id) {
    return StreamName("reservation-" + id.str());
}

std::vector<Fault> faults_of(const ReserveStock& command) {
    std::vector<Fault> faults;
    std::set<std::string> skus;
    for (std::size_t i = 0; i < command.items.size(); ++i) {
        const auto sku = stock_id_of(command.items[i].sku);
        const auto pointer = "/items/" + std::to_string(i) + "/sku";
        if (sku.empty()) {
            if (command.items[i].sku.empty()) continue;  // its schema tells
            faults.push_back(
                {pointer, "no_sku", {"has nothing that can be seen", "não tem nada visível"}}
            );
        } else if (!skus.insert(sku).second) {
            faults.push_back({pointer, "duplicate", {"stands here already", "já está nesta lista"}}
            );
        }
    }
    return faults;
}

ReservationDecision decide(
    const ReserveStock& command, const ReservationFacts& facts, Timestamp now
) {
    const auto& state = facts.reservation;
    const auto items = items_of(command, facts);
    const bool same = is_same(items, state.items);
    const bool is_live = state.status == ReservationStatus::reserved && !is_over(state, now);
    const bool is_confirmed = state.status == ReservationStatus::confirmed ||
                              state.status == ReservationStatus::fulfilled;
    ReservationChanges changes;
    if (same && (is_live || is_confirmed)) return changes;
    if (is_confirmed) {
        return illegal(
            {"The reservation of that reference is confirmed, so what it has cannot be changed.",
             "A reserva dessa referência está confirmada, por isso não pode ser alterada."}
        );
    }

    std::vector<Fault> faults;
    for (std::size_t i = 0; i < command.items.size(); ++i) {
        const auto& stock = *facts.stocks.at(stock_id_of(command.items[i].sku));
        const auto free = stock.free_for(facts.id, now);
        const auto wanted = command.items[i].quantity;
        if (stock.tracked && wanted > free)
            faults.push_back(short_of("/items/" + std::to_string(i), wanted, free));
    }
    if (!faults.empty()) {
        return std::unexpected(Rejection{
            "out-of-stock",
            {"There is not enough of what errors names; nothing is reserved.",
             "Não há o bastante do que está em errors; nada foi reservado."},
            std::move(faults)
        });
    }

    const auto expires_at = now + std::chrono::seconds(command.ttl_seconds);
    changes.events.emplace_back(On<events::ReservationEvent>{
        stream_of(facts.id), events::ReservationMade{facts.id, command.reference, items, expires_at}
    });
    StockChanges stock_changes(changes, facts.id);
    for (const auto& item : state.items) {
        const auto wanted = std::ranges::find(items, item.sku, &ReservedItem::sku);
        const bool stays = wanted != items.end() && wanted->tracked;
        const auto stock = facts.stocks.find(item.sku);
        if (!stays && stock != facts.stocks.end() && stock->second->held.contains(facts.id))
            stock_changes.add<events::StockReleased>(item);
    }
    for (const auto& item : items) {
        if (!item.tracked) continue;
        for (auto& over : expired(*facts.stocks.at(item.sku), now))
            stock_changes.put(item.sku, std::move(over));
        stock_changes.put(
            item.sku, events::StockReserved{item.sku, facts.id, item.quantity, expires_at}
        );
    }
    return changes;
}

ReservationDecision decide(
    const ConfirmReservation&, const ReservationFacts& facts, Timestamp now
) {
    const auto& state = facts.reservation;
    ReservationChanges changes;
    if (state.status == ReservationStatus::confirmed) return changes;
    if (state.status != ReservationStatus::reserved) {
        return illegal(
            {"The reservation was fulfilled or released, so it cannot be confirmed.",
             "A reserva já foi atendida ou liberada, por isso não pode ser confirmada."}
        );
    }
    std::vector<Fault> faults;
    ReservationChanges without;
    StockChanges given(changes, facts.id), missing(without, facts.id);
    tell<events::ReservationConfirmed>(changes, facts.id);
    tell<events::ReservationExpired>(without, facts.id);
    for (std::size_t i = 0; i < state.items.size(); ++i) {
        const auto& item = state.items[i];
        if (!item.tracked) continue;
        const auto& stock = *facts.stocks.at(item.sku);
        const auto own = stock.held.find(facts.id);
        const bool is_held = own != stock.held.end() && own->second.expires_at > now;
        const auto free = stock.free_for(facts.id, now);
        given.add<events::StockAllocated>(item);
        if (own != stock.held.end()) missing.add<events::StockReservationExpired>(item);
        if (is_held || !stock.tracked || item.quantity <= free) continue;
        faults.push_back(short_of("/items/" + std::to_string(i), item.quantity, free));
        missing.put(
            item.sku,
            events::StockShortfall{
                item.sku, facts.id, item.quantity, std::max<std::int64_t>(free, 0)
            }
        );
    }
    if (faults.empty()) return changes;
    Rejection rejection{
        "reservation-expired",
        phrase(
            "The reservation expired at {}, and not all of it is available any more.",
            "A reserva expirou em {}, e nem tudo dela está disponível ainda.",
            format_time(state.expires_at)
        ),
        std::move(faults)
    };
    if (state.told_expired) return std::unexpected(std::move(rejection));
    without.refusal = std::move(rejection);
    return without;
}

ReservationDecision decide(const ReleaseReservation&, const ReservationFacts& facts, Timestamp) {
    const auto& state = facts.reservation;
    ReservationChanges changes;
    if (state.status == ReservationStatus::released) return changes;
    if (state.status == ReservationStatus::fulfilled) {
        return illegal(
            {"The reservation was fulfilled, so it cannot be released.",
             "A reserva já foi atendida, por isso não pode ser liberada."}
        );
    }
    tell<events::ReservationReleased>(changes, facts.id);
    StockChanges stock_changes(changes, facts.id);
    for (const auto& item : state.items) {
        if (!item.tracked) continue;
        if (state.status == ReservationStatus::confirmed) {
            stock_changes.add<events::StockDeallocated>(item);
        } else if (facts.stocks.at(item.sku)->held.contains(facts.id)) {
            stock_changes.add<events::StockReleased>(item);
        }
    }
    return changes;
}

ReservationDecision decide(const FulfilReservation&, const ReservationFacts& facts, Timestamp) {
    const auto& state = facts.reservation;
    ReservationChanges changes;
    if (state.status == ReservationStatus::fulfilled) return changes;
    if (state.status != ReservationStatus::confirmed) {
        return illegal(
            {"Only a confirmed reservation can be fulfilled.",
             "Só uma reserva confirmada pode ser atendida."}
        );
    }
    tell<events::ReservationFulfilled>(changes, facts.id);
    StockChanges stock_changes(changes, facts.id);
    for (const auto& item : state.items) {
        if (item.tracked) stock_changes.add<events::StockFulfilled>(item);
    }
    return changes;
}

ReservationState evolve(ReservationState state, const events::ReservationEvent& event) {
    using enum ReservationStatus;
    std::visit(
        overloaded{
            [&](const events::ReservationMade& e) {
                state.id = e.reservation_id;
                state.reference = e.reference;
                state.items = e.items;
                state.expires_at = e.expires_at;
                state.status = reserved;
                state.told_expired = false;
            },
            [&](const events::ReservationConfirmed&) { state.status = confirmed; },
            [&](const events::ReservationReleased&) { state.status = released; },
            [&](const events::ReservationFulfilled&) { state.status = fulfilled; },
            [&](const events::ReservationExpired&) { state.told_expired = true; },
        },
        event
    );
    return state;
}

}  // namespace vitrine::commands
