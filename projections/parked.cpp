#include "projections/parked.hpp"

#include <array>
#include <stdexcept>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::array<std::string_view, 3> states = {"parked", "blocking", "dismissed"};

ParkedState parse_state(std::string_view name) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i] == name) return static_cast<ParkedState>(i);
    }
    throw std::runtime_error("a parked event has an unknown state");
}

}  // namespace

std::string_view parked_state_name(ParkedState state) {
    return states[static_cast<std::size_t>(state)];
}

ParkedEvent parked_event(
    const events::RecordedEvent& event, std::string reason, ParkedState state
) {
    return {
        event.position, event.id, event.tenant, event.stream, event.type, std::move(reason), state
    };
}

void create_parked(SQLite::Database& database) {
    database.exec(
        "CREATE TABLE parked("
        " position INTEGER PRIMARY KEY, event_id TEXT NOT NULL, tenant TEXT NOT NULL,"
        " stream TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL)"
    );
}

void write_parked(SQLite::Database& database, const ParkedEvent& event) {
    Statement write(database.getHandle(), "INSERT OR REPLACE INTO parked VALUES(?,?,?,?,?,?,?)");
    write.execute(
        event.position,
        event.id,
        event.tenant,
        event.stream,
        event.type,
        event.reason,
        parked_state_name(event.state)
    );
}

void erase_parked(SQLite::Database& database, Position position) {
    Statement(database.getHandle(), "DELETE FROM parked WHERE position=?").execute(position);
}

std::vector<ParkedEvent> read_parked(
    SQLite::Database& database, const std::optional<TenantId>& tenant
) {
    Statement select(
        database.getHandle(),
        "SELECT position,event_id,tenant,stream,type,reason,state FROM parked"
        " WHERE ?1 IS NULL OR tenant=?1 ORDER BY position"
    );
    std::vector<ParkedEvent> found;
    for (auto rows = select.run(tenant); rows.next();) {
        auto& event = found.emplace_back();
        event.position = rows.unsigned_number(0);
        event.id = EventId(rows.text(1));
        event.tenant = TenantId(rows.text(2));
        event.stream = StreamName(rows.text(3));
        event.type = rows.text(4);
        event.reason = rows.text(5);
        event.state = parse_state(rows.text(6));
    }
    return found;
}

std::vector<ParkedEvent> read_parked_of(
    const std::filesystem::path& file, const std::optional<TenantId>& tenant
) {
    return read_parked(*open_for_reading(file), tenant);
}

}  // namespace vitrine::projections
