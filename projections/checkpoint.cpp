#include "projections/checkpoint.hpp"

#include <stdexcept>

#include "projections/parked.hpp"
#include "projections/sql.hpp"
#include "projections/tallies.hpp"

namespace vitrine::projections {

void create_bookkeeping(SQLite::Database& database) {
    database.exec(
        "CREATE TABLE checkpoint("
        " one INTEGER PRIMARY KEY CHECK(one=1),"
        " position INTEGER NOT NULL, applied INTEGER NOT NULL,"
        " last_position INTEGER NOT NULL, last_event_id TEXT NOT NULL,"
        " complete INTEGER NOT NULL)"
    );
    database.exec("INSERT INTO checkpoint VALUES(1,0,0,0,'',1)");
    create_tallies(database);
    create_parked(database);
}

void write_checkpoint(SQLite::Database& database, const Checkpoint& checkpoint) {
    Statement update(
        database.getHandle(),
        "UPDATE checkpoint SET position=?,applied=?,last_position=?,last_event_id=? WHERE one=1"
    );
    update.execute(
        checkpoint.position, checkpoint.applied, checkpoint.last_position, checkpoint.last_event_id
    );
}

Checkpoint read_checkpoint(SQLite::Database& database) {
    Statement select(
        database.getHandle(), "SELECT position,applied,last_position,last_event_id FROM checkpoint"
    );
    auto row = select.run();
    if (!row.next()) throw std::runtime_error("the read model has no checkpoint");
    Checkpoint checkpoint;
    checkpoint.position = row.unsigned_number(0);
    checkpoint.applied = row.unsigned_number(1);
    checkpoint.last_position = row.unsigned_number(2);
    checkpoint.last_event_id = row.string(3);
    return checkpoint;
}

Checkpoint read_checkpoint_of(const std::filesystem::path& file) {
    return read_checkpoint(*open_for_reading(file));
}

void write_complete(SQLite::Database& database, bool complete) {
    Statement(database.getHandle(), "UPDATE checkpoint SET complete=? WHERE one=1")
        .execute(complete ? 1 : 0);
}

bool read_complete(SQLite::Database& database) {
    Statement select(database.getHandle(), "SELECT complete FROM checkpoint");
    auto row = select.run();
    return row.next() && row.number(0) == 1;
}

}  // namespace vitrine::projections
