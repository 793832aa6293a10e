#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/envelope.hpp"
#include "store/event_store.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::projections {

using events::RecordedEvent;

/// A table of a read model. `create` makes it without the indexes, which a bulk load adds when the
/// rows are in. `key` are the columns that identify a row; a unique index on them is among
/// `indexes` unless `create` declares them the primary key.
struct Table {
    std::string name;
    std::string create;
    std::vector<std::string> key;
    std::vector<std::string> indexes;
};

/// Turns facts into rows of one read-model file. A subclass may keep rows in memory between `apply`
/// and `write`.
///
/// Operation: deterministic; the rows depend on the events handed in and on nothing else. An event
/// that a row has seen already (by position) changes nothing.
/// Concurrency: one thread uses it.
/// Errors: an event that is not what its type promises throws; the caller then calls `forget` and
/// rolls back. SQLite::Exception means the file, never the event.
class Projector {
public:
    virtual ~Projector() = default;

    /// Events of Projection::event_types only, in log order.
    virtual void apply(const RecordedEvent& event) = 0;

    /// Puts every changed row into the tables, in an order that the events alone decide, inside the
    /// caller's transaction.
    virtual void write() = 0;

    /// Drops what is held in memory, written or not.
    virtual void forget() = 0;

    /// Memory held by rows, roughly.
    virtual std::size_t bytes() const = 0;
};

/// What a Projector may believe about its tables when it is opened.
enum class Tables {
    empty,   // nothing in them, and no index on them: rows not in memory do not exist
    filled,  // rows not in memory are looked up
};

/// What is done about an event that cannot be applied.
enum class Poison {
    stop,         // the projection stands still before it, and tries it again
    park_stream,  // it and what follows in its stream is parked: for rows that one stream makes
    park_tenant,  // it and all that follows of its tenant: for rows that several streams make
};

/// What a stream of one category is, where a read model has a row for each.
struct StreamState {
    std::string_view category;
    /// The row's JSON after these events, the first of the stream and what follows. Throws
    /// events::UnreadableEvent.
    std::string (*fold)(std::span<const RecordedEvent>);
};

/// A kind of read model: what `vitrine rebuild NAME` names. Raise `version` whenever the same
/// events give other rows.
struct Projection {
    std::string name;
    int version = 1;
    int readable_since = 1;  // its readers understand the tables of files from this version on
    Poison poison = Poison::stop;
    std::vector<std::string> event_types;
    /// Its projector looks at nothing else of an event: a rebuild then leaves the rest unread.
    store::Detail detail = store::Detail::whole;
    std::vector<Table> tables;
    std::function<std::unique_ptr<Projector>(SQLite::Database&, Tables)> open;
    std::optional<StreamState> stream_state = {};
};

/// Every projection of this program. The one place that lists them.
std::span<const Projection> every_projection();

/// nullptr: no such projection.
const Projection* find_projection(std::string_view name);

}  // namespace vitrine::projections
