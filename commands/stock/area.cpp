// The commands on stock and reservations, as the engine gets at them. All are local, and decide on
// several streams: what waits for the same SKU is decided together.
#include <algorithm>

#include "commands/areas.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/several.hpp"
#include "commands/json.hpp"
#include "commands/stock/reservation.hpp"
#include "commands/stock/stock.hpp"
#include "core/uuid.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t longest_sku = 200;  // bytes

constexpr Entity stock_entity{
    .name = "stock",
    .collection = "/v1/stock",
    .this_one = {"SKU", "este SKU"},
    .is_id = [](std::string_view text) { return !text.empty() && text.size() <= longest_sku; },
    .as_id = [](std::string_view text) { return stock_id_of(text); }
};

constexpr Entity reservation_entity{
    .name = "reservation",
    .collection = "/v1/reservations",
    .this_one = {"reservation", "esta reserva"}
};

/// A command on the stock of one SKU, of which no other stream is needed.
template <class Command>
struct StockHandling {
    using Own = events::StockEvent;

    static std::vector<Fault> faults(const Command&) { return {}; }
    static std::vector<StreamName> streams(const Command&) { return {}; }

    static StockState load(States& states, const Preparation& from, const Command&) {
        auto state = states.of<events::StockEvent>(stock_stream(from.entity_id));
        state.sku = from.entity_id;
        return state;
    }

    static std::expected<Changes<events::StockEvent>, Rejection> decide(
        const Command& command, const StockState& state, const Preparation& from
    ) {
        auto events = commands::decide(command, state, from.now);
        if (!events) return std::unexpected(std::move(events.error()));
        Changes<events::StockEvent> changes;
        for (auto& event : *events) {
            changes.events.emplace_back(
                On<events::StockEvent>{stock_stream(from.entity_id), std::move(event)}
            );
        }
        return changes;
    }

    static JsonText answer(const Command&, States& states, const Preparation& from) {
        const auto& state = states.of<events::StockEvent>(stock_stream(from.entity_id));
        const auto reserved = state.reserved(from.now);
        Json json;
        json["sku"] = from.entity_id;
        json["on_hand"] = state.on_hand;
        json["reserved"] = reserved;
        json["allocated"] = state.allocated;
        json["available"] = state.on_hand - state.allocated - reserved - state.safety;
        json["policy"] = state.tracked ? "tracked" : "untracked";
        return JsonText(json.dump());
    }
};

struct SetStockHandling : StockHandling<SetStock> {
    static SetStock parse(const Preparation& from) {
        return {
            .on_hand = integer_member(from.body, "on_hand").value_or(0),
            .backorder_limit = integer_member(from.body, "backorder_limit"),
            .safety = integer_member(from.body, "safety"),
            .policy = text_member(from.body, "policy"),
        };
    }
};

struct AdjustStockHandling : StockHandling<AdjustStock> {
    static AdjustStock parse(const Preparation& from) {
        return {
            .delta = integer_member(from.body, "delta").value_or(0),
            .reason = text_member(from.body, "reason").value_or(""),
        };
    }
};

/// Adds what the stock of a SKU is.
void add(ReservationFacts& facts, States& states, const std::string& sku) {
    facts.stocks.emplace(sku, &states.of<events::StockEvent>(stock_stream(sku)));
}

JsonText answer_of(const ReservationState& state, Timestamp now) {
    Json json;
    json["status"] = status_name(state, now);
    json["reference"] = state.reference;
    json["expires_at"] = format_time(state.expires_at);
    auto& items = json["items"] = Json::array();
    for (const auto& item : state.items)
        items.push_back({{"sku", item.sku}, {"quantity", item.quantity}});
    return JsonText(json.dump());
}

struct ReserveStockHandling {
    using Own = events::ReservationEvent;

    static std::string id_in(const Json& body) {
        return reservation_id_of(text_member(body, "reference").value_or("")).str();
    }

    static ReserveStock parse(const Preparation& from) {
        constexpr std::int64_t usual_ttl = 15 * 60;
        ReserveStock command;
        command.reference = text_member(from.body, "reference").value_or("");
        command.ttl_seconds = integer_member(from.body, "ttl_seconds").value_or(usual_ttl);
        const auto items = from.body.find("items");
        if (items == from.body.end() || !items->is_array()) return command;
        for (const auto& item : *items) {
            auto& wanted = command.items.emplace_back();
            if (!item.is_object()) continue;
            wanted.sku = text_member(item, "sku").value_or("");
            wanted.quantity = integer_member(item, "quantity").value_or(0);
        }
        return command;
    }

    static std::vector<Fault> faults(const ReserveStock& command) { return faults_of(command); }

    static std::vector<StreamName> streams(const ReserveStock& command) {
        std::vector<StreamName> streams;
        for (const auto& item : command.items) streams.push_back(stock_stream(item.sku));
        return streams;
    }

    static ReservationFacts load(
        States& states, const Preparation& from, const ReserveStock& command
    ) {
        const ReservationId id(from.entity_id);
        ReservationFacts facts{states.of<events::ReservationEvent>(stream_of(id)), id, {}};
        for (const auto& item : command.items) add(facts, states, stock_id_of(item.sku));
        if (facts.reservation.status != ReservationStatus::reserved) return facts;
        for (const auto& item : facts.reservation.items) {
            if (item.tracked) add(facts, states, item.sku);
        }
        return facts;
    }

    static ReservationDecision decide(
        const ReserveStock& command, const ReservationFacts& facts, const Preparation& from
    ) {
        return commands::decide(command, facts, from.now);
    }

    static JsonText answer(const ReserveStock&, States& states, const Preparation& from) {
        const auto stream = stream_of(ReservationId(from.entity_id));
        return answer_of(states.of<events::ReservationEvent>(stream), from.now);
    }
};

/// A command on a reservation that is there.
template <class Command>
struct ReservationHandling {
    using Own = events::ReservationEvent;

    static Command parse(const Preparation&) { return {}; }
    static std::vector<Fault> faults(const Command&) { return {}; }
    static std::vector<StreamName> streams(const Command&) { return {}; }

    static ReservationFacts load(States& states, const Preparation& from, const Command&) {
        const ReservationId id(from.entity_id);
        ReservationFacts facts{states.of<events::ReservationEvent>(stream_of(id)), id, {}};
        for (const auto& item : facts.reservation.items) {
            if (item.tracked) add(facts, states, item.sku);
        }
        return facts;
    }

    static ReservationDecision decide(
        const Command& command, const ReservationFacts& facts, const Preparation& from
    ) {
        return commands::decide(command, facts, from.now);
    }

    static JsonText answer(const Command&, States& states, const Preparation& from) {
        const auto stream = stream_of(ReservationId(from.entity_id));
        return answer_of(states.of<events::ReservationEvent>(stream), from.now);
    }
};

constexpr std::string_view clubify = "clubify";

constexpr Entity inventory_entity{
    .name = "inventory",
    .collection = "/v1/inventory",
    .this_one = {"inventory", "este inventário"},
    .is_id = [](std::string_view text) { return text == clubify; }
};

struct ChangeInventoryDelivery {
    bool enabled = false;
};

/// A tenant's setting: the last of its events says what it is.
struct ChangeInventoryDeliveryHandling {
    using Events = std::vector<events::InventoryEvent>;

    static ChangeInventoryDelivery parse(const Preparation& from) {
        return {bool_member(from.body, "enabled").value_or(false)};
    }

    static bool load(const Preparation& from, const ChangeInventoryDelivery&) {
        bool enabled = false;
        for_each_event(
            from.store,
            from.tenant,
            StreamName("inventory-" + from.entity_id),
            std::max<Version>(from.version, 1),
            [&](const events::RecordedEvent& recorded) {
                if (const auto event = events::decode<events::InventoryEvent>(recorded))
                    enabled = std::get<events::InventoryDeliveryChanged>(*event).enabled;
            }
        );
        return enabled;
    }

    static std::expected<Events, Rejection> decide(
        const ChangeInventoryDelivery& command, bool enabled, const Preparation& from
    ) {
        if (command.enabled == enabled) return Events{};
        return Events{events::InventoryDeliveryChanged{from.entity_id, command.enabled}};
    }

    static JsonText answer(const ChangeInventoryDelivery& command, bool, const Preparation&) {
        Json json;
        json["enabled"] = command.enabled;
        return JsonText(json.dump());
    }
};

}  // namespace

std::span<const Definition> stock_commands() {
    static const Definition table[] = {
        {.name = "SetStock",
         .method = "PUT",
         .route = "/v1/stock/{sku}",
         .entity = stock_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "set_stock.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<SetStockHandling>,
         .problems = {"stock-committed", "not-found"}},
        {.name = "AdjustStock",
         .method = "POST",
         .route = "/v1/stock/{sku}/adjust",
         .entity = stock_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "adjust_stock.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<AdjustStockHandling>,
         .problems = {"stock-committed"}},
        {.name = "ReserveStock",
         .method = "POST",
         .route = "/v1/reservations",
         .entity = reservation_entity,
         .creates = true,
         .creates_once = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "reserve_stock.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<ReserveStockHandling>,
         .problems = {"out-of-stock", "illegal-transition"}},
        {.name = "ConfirmReservation",
         .method = "POST",
         .route = "/v1/reservations/{id}/confirm",
         .entity = reservation_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "confirm_reservation.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<ReservationHandling<ConfirmReservation>>,
         .problems = {"reservation-expired"}},
        {.name = "FulfilReservation",
         .method = "POST",
         .route = "/v1/reservations/{id}/fulfil",
         .entity = reservation_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "fulfil_reservation.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<ReservationHandling<FulfilReservation>>},
        {.name = "ReleaseReservation",
         .method = "DELETE",
         .route = "/v1/reservations/{id}",
         .entity = reservation_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "release_reservation.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<ReservationHandling<ReleaseReservation>>},
        {.name = "ChangeInventoryDelivery",
         .method = "PUT",
         .route = "/v1/inventory/{receiver}",
         .entity = inventory_entity,
         .begins = true,
         .needs_admin = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "change_inventory_delivery.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<ChangeInventoryDeliveryHandling>,
         .problems = {"not-found"}},
    };
    return table;
}

}  // namespace vitrine::commands
