#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/ids.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::projections {

/// Where a read-model file stands in the log. It commits with the rows. The last event applied is
/// kept by id, to find out that the file belongs to another log.
struct Checkpoint {
    Position position = 0;  // events up to here are in the rows, or were of no interest
    std::uint64_t applied = 0;
    Position last_position = 0;  // 0: nothing applied yet
    std::string last_event_id;
};

/// The tables beside the rows: `checkpoint`, of one row, `tallies` and `parked`.
void create_bookkeeping(SQLite::Database& database);
void write_checkpoint(SQLite::Database& database, const Checkpoint& checkpoint);

/// Throws if the file has none.
Checkpoint read_checkpoint(SQLite::Database& database);

/// Of a read-model file, through a connection of its own.
Checkpoint read_checkpoint_of(const std::filesystem::path& file);

/// False: a build that has not come to the log's end yet.
void write_complete(SQLite::Database& database, bool complete);
bool read_complete(SQLite::Database& database);

}  // namespace vitrine::projections
