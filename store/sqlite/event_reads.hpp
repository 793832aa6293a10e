#pragma once

#include <optional>
#include <vector>

#include "store/event_store.hpp"
#include "store/sqlite/kinds.hpp"
#include "store/sqlite/statement.hpp"

namespace vitrine::store::sqlite {

/// A part of the log that was looked through.
struct Page {
    std::vector<RecordedEvent> events;
    Position scanned = 0;  // forwards: nothing up to here is missing in `events`
};

/// Everything that is read of events, on one connection, the writer's or a reader's.
class EventReads {
public:
    explicit EventReads(sqlite3* connection);

    std::vector<RecordedEvent> stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        Direction direction
    );
    Version stream_version(const TenantId& tenant, const StreamName& stream);

    /// In one snapshot. The connection must not be in a transaction.
    Page page(Position from, const Filter& filter, std::size_t limit, Direction direction);

    Position head();
    Position position_at(Timestamp time);
    std::optional<RecordedEvent> at(Position position);
    std::optional<RecordedEvent> find(const EventId& id);

private:
    struct Range {
        Position first;
        Position last;  // inclusive
    };
    /// Where the events of a filter are found: by an index, or (no ids) by looking at all.
    struct Sources {
        bool by_stream = false;
        bool all = false;
        std::vector<std::int64_t> ids;
    };

    RecordedEvent read(const Statement::Run& row);
    Range range_of(Position from, const Filter& filter, Direction direction, Position head);
    Sources sources_of(const Filter& filter);
    /// A search under way: what is found, and the part of the log still to be looked through.
    struct Search {
        const Filter& filter;
        Sources sources;
        Direction direction;
        std::size_t limit;
        Range range;
        std::vector<RecordedEvent> events;

        bool is_over() const { return range.first > range.last || events.size() == limit; }
        /// Nothing up to here, or down to here, is to be looked through again.
        void pass(Position position);
    };
    bool scan(Search& search, std::size_t most);
    bool look_up(Search& search, Position window);
    std::vector<Position> positions(
        const Sources& sources, Range range, std::size_t limit, Direction direction
    );

    Kinds kinds_;
    Statement begin_, end_;
    Statement stream_forwards_, stream_backwards_, stream_version_, stream_id_;
    Statement scan_forwards_, scan_backwards_;
    Statement kind_forwards_, kind_backwards_, positions_forwards_, positions_backwards_;
    Statement at_, find_, head_, recorded_after_;
};

}  // namespace vitrine::store::sqlite
