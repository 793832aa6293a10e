#include "queries/stock/reservation.hpp"

#include <nlohmann/json.hpp>

#include "core/overloaded.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/codec.hpp"
#include "events/stock.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

struct Reservation {
    events::ReservationMade made;
    const char* status = "reserved";
    Version version = 0;
    Position position = 0;
};

void note(Reservation& reservation, const events::ReservationEvent& event) {
    std::visit(
        overloaded{
            [&](const events::ReservationMade& made) {
                reservation.made = made;
                reservation.status = "reserved";
            },
            [&](const events::ReservationConfirmed&) { reservation.status = "confirmed"; },
            [&](const events::ReservationReleased&) { reservation.status = "released"; },
            [&](const events::ReservationFulfilled&) { reservation.status = "fulfilled"; },
            [&](const events::ReservationExpired&) { reservation.status = "expired"; },
        },
        event
    );
}

/// Its version is 0 where there is none.
Reservation read(const ReadSide& reads, const TenantId& tenant, std::string_view id) {
    constexpr std::size_t page = 100;
    const StreamName stream("reservation-" + std::string(id));
    Reservation reservation;
    while (true) {
        const auto events = reads.store.read_stream(
            tenant, stream, reservation.version + 1, page, store::Direction::forwards
        );
        for (const auto& recorded : events) {
            if (const auto event = events::decode<events::ReservationEvent>(recorded))
                note(reservation, *event);
            reservation.version = recorded.version;
            reservation.position = recorded.position;
        }
        if (events.size() < page) break;
    }
    // It is over by itself: nobody needs to tell.
    if (reservation.status == std::string_view("reserved") &&
        reservation.made.expires_at <= reads.clock())
        reservation.status = "expired";
    return reservation;
}

}  // namespace

Result get_reservation(const ReadSide& reads, const TenantId& tenant, std::string_view id) {
    const auto reservation = is_uuid(id) ? read(reads, tenant, id) : Reservation();
    if (reservation.version == 0)
        return std::unexpected(not_found({"there is no such reservation", "esta reserva não existe"}
        ));
    Json json;
    json["reservation_id"] = id;
    json["reference"] = reservation.made.reference;
    json["status"] = reservation.status;
    auto& items = json["items"] = Json::array();
    for (const auto& item : reservation.made.items)
        items.push_back({{"sku", item.sku}, {"quantity", item.quantity}});
    json["expires_at"] = format_time(reservation.made.expires_at);
    json["version"] = reservation.version;
    json["position"] = reservation.position;
    Answer answer;
    answer.body = json.dump();
    answer.position = reservation.position;
    return answer;
}

}  // namespace vitrine::queries
