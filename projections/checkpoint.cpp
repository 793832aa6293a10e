#include "projections/checkpoint.hpp"

#include <stdexcept>

#include "projections/sql.hpp"

namespace vitrine::projections {

void create_checkpoint(SQLite::Database& database) {
    database.exec(
        "CREATE TABLE checkpoint("
        " one INTEGER PRIMARY KEY CHECK(one=1),"
        " position INTEGER NOT NULL, applied INTEGER NOT NULL,"
        " last_position INTEGER NOT NULL, last_event_id TEXT NOT NULL)"
    );
    database.exec("INSERT INTO checkpoint VALUES(1,0,0,0,'')");
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

}  // namespace vitrine::projections
