#include "store/sqlite/schema.hpp"

#include <iterator>
#include <stdexcept>
#include <string>

namespace vitrine::store::sqlite {
namespace {

constexpr int application_id = 0x5654524e;  // "VTRN"
constexpr int newest_version = 3;

// An event holds small numbers instead of the texts that many share, and a stream has no row of its
// own: its first event carries the name, and the position of that event is the stream's number. So
// an append touches three trees, the same number as a plain table with its two unique keys: the
// rows, their ids, and either the names (a first event) or the versions (a later one). A UUID, as
// event id or behind the category in a name, is kept as its 16 bytes, any other text as it is. What
// people read is the view event_log.
//
// The triggers hold every connection but the writer's, which is held by its authorizer
// (write_guard.hpp): it learns the same from the unique indexes, at a third of the cost.
constexpr const char* version_1 = R"(
CREATE TABLE categories (
    category_id INTEGER PRIMARY KEY,
    tenant      TEXT NOT NULL,
    name        TEXT NOT NULL,
    UNIQUE (tenant, name)
) STRICT;

CREATE TABLE kinds (
    kind_id     INTEGER PRIMARY KEY,
    category_id INTEGER NOT NULL REFERENCES categories,
    type        TEXT NOT NULL,
    UNIQUE (category_id, type)
) STRICT;

CREATE TABLE events (
    position    INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL REFERENCES events,
    version     INTEGER NOT NULL,
    kind_id     INTEGER NOT NULL REFERENCES kinds,
    schema      INTEGER NOT NULL,
    event_id    ANY NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    category_id INTEGER REFERENCES categories, -- of a first event only
    name        ANY,                           -- of a first event only
    data        TEXT NOT NULL,
    metadata    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_id ON events (event_id);
CREATE UNIQUE INDEX events_by_name ON events (category_id, name) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX events_by_stream ON events (stream_id, version) WHERE version > 1;

-- Which blocks of 64 positions have an event of a kind: an index for rare kinds that costs nearly
-- nothing to keep.
CREATE TABLE kind_blocks (
    kind_id INTEGER NOT NULL REFERENCES kinds,
    block   INTEGER NOT NULL,
    PRIMARY KEY (kind_id, block)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the log is never changed'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the log is never removed'); END;
-- REPLACE removes rows without the triggers above being asked; and without a position SQLite shows
-- -1 here. So nothing gets in but at the end.
CREATE TRIGGER events_only_grow BEFORE INSERT ON events
WHEN NEW.position <= (SELECT coalesce(max(position), 0) FROM events)
    OR EXISTS (SELECT 1 FROM events WHERE event_id = NEW.event_id)
    OR CASE WHEN NEW.version = 1 THEN
        NEW.stream_id IS NOT NEW.position OR NEW.name IS NULL
        OR NEW.category_id IS NOT (SELECT category_id FROM kinds WHERE kind_id = NEW.kind_id)
        OR EXISTS (SELECT 1 FROM events WHERE category_id = NEW.category_id AND name = NEW.name)
    ELSE
        NEW.category_id IS NOT NULL OR NEW.name IS NOT NULL
        OR NEW.version IS NOT 1 + coalesce(
            (SELECT max(version) FROM events WHERE stream_id = NEW.stream_id AND version > 1),
            (SELECT version FROM events WHERE position = NEW.stream_id AND version = 1))
    END
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;
CREATE TRIGGER events_are_found_by_kind AFTER INSERT ON events
BEGIN INSERT OR IGNORE INTO kind_blocks VALUES (NEW.kind_id, NEW.position >> 6); END;

CREATE TRIGGER kinds_never_change BEFORE UPDATE ON kinds
BEGIN SELECT RAISE(ABORT, 'a kind of the log is never changed'); END;
CREATE TRIGGER kinds_never_go BEFORE DELETE ON kinds
BEGIN SELECT RAISE(ABORT, 'a kind of the log is never removed'); END;
CREATE TRIGGER kinds_only_grow BEFORE INSERT ON kinds
WHEN NEW.kind_id <= (SELECT coalesce(max(kind_id), 0) FROM kinds)
    OR EXISTS (SELECT 1 FROM kinds WHERE category_id = NEW.category_id AND type = NEW.type)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE TRIGGER categories_never_change BEFORE UPDATE ON categories
BEGIN SELECT RAISE(ABORT, 'a category of the log is never changed'); END;
CREATE TRIGGER categories_never_go BEFORE DELETE ON categories
BEGIN SELECT RAISE(ABORT, 'a category of the log is never removed'); END;
CREATE TRIGGER categories_only_grow BEFORE INSERT ON categories
WHEN NEW.category_id <= (SELECT coalesce(max(category_id), 0) FROM categories)
    OR EXISTS (SELECT 1 FROM categories WHERE tenant = NEW.tenant AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE TRIGGER kind_blocks_never_change BEFORE UPDATE ON kind_blocks
BEGIN SELECT RAISE(ABORT, 'an index of the log is never changed'); END;
CREATE TRIGGER kind_blocks_never_go BEFORE DELETE ON kind_blocks
BEGIN SELECT RAISE(ABORT, 'an index of the log is never removed'); END;

CREATE VIEW event_log AS
SELECT e.position,
       CASE typeof(e.event_id) WHEN 'blob' THEN
           lower(substr(hex(e.event_id), 1, 8) || '-' || substr(hex(e.event_id), 9, 4) || '-' ||
                 substr(hex(e.event_id), 13, 4) || '-' || substr(hex(e.event_id), 17, 4) || '-' ||
                 substr(hex(e.event_id), 21))
       ELSE e.event_id END AS event_id,
       c.tenant,
       CASE typeof(f.name) WHEN 'blob' THEN
           c.name || '-' ||
           lower(substr(hex(f.name), 1, 8) || '-' || substr(hex(f.name), 9, 4) || '-' ||
                 substr(hex(f.name), 13, 4) || '-' || substr(hex(f.name), 17, 4) || '-' ||
                 substr(hex(f.name), 21))
       ELSE f.name END AS stream,
       e.version, k.type, e.schema, e.data, e.metadata,
       e.occurred_at, e.recorded_at, lower(hex(e.hash)) AS hash
FROM events AS e
JOIN events AS f ON f.position = e.stream_id
JOIN kinds AS k ON k.kind_id = e.kind_id
JOIN categories AS c ON c.category_id = k.category_id;

CREATE TABLE commands (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant          TEXT NOT NULL,
    command_id      TEXT NOT NULL,
    idempotency_key TEXT,
    state           TEXT NOT NULL CHECK (state IN ('accepted', 'done', 'retryable')),
    name            TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    principal       TEXT NOT NULL,
    correlation_id  TEXT NOT NULL,
    traceparent     TEXT NOT NULL,
    stream          TEXT NOT NULL,
    accepted_at     INTEGER NOT NULL,
    succeeded       INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    status          INTEGER,
    answer          TEXT,
    version         INTEGER,
    location        TEXT,
    retry_after     INTEGER,
    body            TEXT NOT NULL,
    plan            TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX commands_by_id ON commands (tenant, command_id);
CREATE UNIQUE INDEX commands_by_key ON commands (tenant, idempotency_key)
WHERE idempotency_key IS NOT NULL;
CREATE INDEX commands_unfinished ON commands (sequence) WHERE state = 'accepted';

CREATE TABLE reservations (
    tenant     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    command_id TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_by_command ON reservations (tenant, command_id);
)";

// Lists of a tenant's commands by state, each index ordered by the row's sequence.
constexpr const char* version_2 = R"(
CREATE INDEX commands_open ON commands (tenant, state) WHERE state <> 'done';
CREATE INDEX commands_ended ON commands (tenant, succeeded) WHERE state = 'done';
)";

// Whose an unfinished command is, and what is unfinished on a stream.
constexpr const char* version_3 = R"(
ALTER TABLE commands ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE commands ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX commands_on_stream ON commands (tenant, stream) WHERE state = 'accepted';
)";

/// What makes a file of version n one of version n + 1; the first makes one of an empty file.
constexpr const char* steps[] = {version_1, version_2, version_3};
static_assert(std::size(steps) == newest_version);

int pragma(SQLite::Database& connection, const char* name) {
    return connection.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool is_empty(SQLite::Database& connection) {
    return connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

}  // namespace

void check_schema(SQLite::Database& connection) {
    const auto file = connection.getFilename();
    if (pragma(connection, "application_id") != application_id) {
        throw std::runtime_error(file + " is not an event log of Vitrine");
    }
    if (const int version = schema_version(connection); version > newest_version) {
        throw std::runtime_error(
            file + " was written by a newer Vitrine (schema " + std::to_string(version) +
            ", this one knows " + std::to_string(newest_version) + ")"
        );
    }
}

void prepare_schema(SQLite::Database& connection) {
    prepare_schema(connection, newest_version);
}

void prepare_schema(SQLite::Database& connection, int version) {
    if (!is_empty(connection)) check_schema(connection);
    const int found = schema_version(connection);
    if (found >= version) return;
    connection.exec("BEGIN IMMEDIATE");
    for (int step = found; step < version; ++step) connection.exec(steps[step]);
    connection.exec("PRAGMA application_id = " + std::to_string(application_id));
    connection.exec("PRAGMA user_version = " + std::to_string(version));
    connection.exec("COMMIT");
}

int schema_version(SQLite::Database& connection) {
    return pragma(connection, "user_version");
}

}  // namespace vitrine::store::sqlite
