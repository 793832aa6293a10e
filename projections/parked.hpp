#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "events/envelope.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::projections {

enum class ParkedState {
    parked,     // passed over, to be applied when it is retried
    blocking,   // the projection stands still before it
    dismissed,  // given up: it will not be in the rows
};

std::string_view parked_state_name(ParkedState state);

/// An event that is not in the rows though its projection wants it.
struct ParkedEvent {
    Position position = 0;
    EventId id;
    TenantId tenant;
    StreamName stream;
    std::string type;
    std::string reason;  // why it could not be applied, or what it waits for
    ParkedState state = ParkedState::parked;
};

ParkedEvent parked_event(const events::RecordedEvent& event, std::string reason, ParkedState state);

/// The table `parked` of a read-model file.
void create_parked(SQLite::Database& database);

/// Puts it there, or in the place of what stands at its position.
void write_parked(SQLite::Database& database, const ParkedEvent& event);
void erase_parked(SQLite::Database& database, Position position);

/// In the order of the log. `tenant` nullopt: of every tenant.
std::vector<ParkedEvent> read_parked(
    SQLite::Database& database, const std::optional<TenantId>& tenant
);

/// Of a read-model file, through a connection of its own.
std::vector<ParkedEvent> read_parked_of(
    const std::filesystem::path& file, const std::optional<TenantId>& tenant
);

}  // namespace vitrine::projections
