#include "store/sqlite/schema.hpp"

#include <stdexcept>
#include <string>

namespace vitrine::store::sqlite {
namespace {

constexpr int application_id = 0x5654524e;  // "VTRN"
constexpr int schema_version = 1;

// Streams and kinds are dictionaries: an event holds small numbers, so that a row and its three
// indexes stay small and a new event of an old stream touches few pages. What people read is the
// view event_log. A UUID as event id is kept as its 16 bytes, any other text as it is.
constexpr const char* schema = R"(
CREATE TABLE kinds (
    kind_id  INTEGER PRIMARY KEY,
    tenant   TEXT NOT NULL,
    category TEXT NOT NULL,
    type     TEXT NOT NULL,
    UNIQUE (tenant, category, type)
) STRICT;

CREATE TABLE streams (
    stream_id INTEGER PRIMARY KEY,
    tenant    TEXT NOT NULL,
    name      TEXT NOT NULL,
    UNIQUE (tenant, name)
) STRICT;

CREATE TABLE events (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    stream_id   INTEGER NOT NULL REFERENCES streams,
    version     INTEGER NOT NULL,
    kind_id     INTEGER NOT NULL REFERENCES kinds,
    schema      INTEGER NOT NULL,
    event_id    ANY NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    data        TEXT NOT NULL,
    metadata    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_id ON events (event_id);
CREATE UNIQUE INDEX events_by_stream ON events (stream_id, version);
CREATE INDEX events_by_kind ON events (kind_id);

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the log is never changed'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the log is never removed'); END;
-- REPLACE removes rows without the triggers above being asked; and without a position SQLite shows
-- -1 here. So nothing gets in but at the end.
CREATE TRIGGER events_only_grow BEFORE INSERT ON events
WHEN NEW.position <= (SELECT coalesce(max(position), 0) FROM events)
    OR NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream_id = NEW.stream_id)
    OR EXISTS (SELECT 1 FROM events WHERE event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE TRIGGER streams_never_change BEFORE UPDATE ON streams
BEGIN SELECT RAISE(ABORT, 'a stream of the log is never changed'); END;
CREATE TRIGGER streams_never_go BEFORE DELETE ON streams
BEGIN SELECT RAISE(ABORT, 'a stream of the log is never removed'); END;
CREATE TRIGGER streams_only_grow BEFORE INSERT ON streams
WHEN NEW.stream_id <= (SELECT coalesce(max(stream_id), 0) FROM streams)
    OR EXISTS (SELECT 1 FROM streams WHERE tenant = NEW.tenant AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE TRIGGER kinds_never_change BEFORE UPDATE ON kinds
BEGIN SELECT RAISE(ABORT, 'a kind of the log is never changed'); END;
CREATE TRIGGER kinds_never_go BEFORE DELETE ON kinds
BEGIN SELECT RAISE(ABORT, 'a kind of the log is never removed'); END;
CREATE TRIGGER kinds_only_grow BEFORE INSERT ON kinds
WHEN NEW.kind_id <= (SELECT coalesce(max(kind_id), 0) FROM kinds)
    OR EXISTS (SELECT 1 FROM kinds
               WHERE tenant = NEW.tenant AND category = NEW.category AND type = NEW.type)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;

CREATE VIEW event_log AS
SELECT e.position,
       CASE typeof(e.event_id) WHEN 'blob' THEN
           lower(substr(hex(e.event_id), 1, 8) || '-' || substr(hex(e.event_id), 9, 4) || '-' ||
                 substr(hex(e.event_id), 13, 4) || '-' || substr(hex(e.event_id), 17, 4) || '-' ||
                 substr(hex(e.event_id), 21))
       ELSE e.event_id END AS event_id,
       k.tenant, s.name AS stream, e.version, k.type, e.schema, e.data, e.metadata,
       e.occurred_at, e.recorded_at, lower(hex(e.hash)) AS hash
FROM events AS e
JOIN streams AS s ON s.stream_id = e.stream_id
JOIN kinds AS k ON k.kind_id = e.kind_id;

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
    if (const int version = pragma(connection, "user_version"); version > schema_version) {
        throw std::runtime_error(
            file + " was written by a newer Vitrine (schema " + std::to_string(version) +
            ", this one knows " + std::to_string(schema_version) + ")"
        );
    }
}

void prepare_schema(SQLite::Database& connection) {
    if (is_empty(connection)) {
        connection.exec("BEGIN IMMEDIATE");
        connection.exec(schema);
        connection.exec("PRAGMA application_id = " + std::to_string(application_id));
        connection.exec("PRAGMA user_version = " + std::to_string(schema_version));
        connection.exec("COMMIT");
    }
    check_schema(connection);
}

}  // namespace vitrine::store::sqlite
