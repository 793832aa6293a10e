#pragma once

#include <optional>
#include <vector>

#include "store/event_store.hpp"
#include "store/sql/statement.hpp"
#include "store/sqlite/kinds.hpp"

namespace vitrine::store::sqlite {

/// The table kind_blocks counts positions by this many: position >> 6.
constexpr Position positions_in_block = 64;

/// Everything that is read of events, on one connection, the writer's or a reader's. Each call sees
/// one state of the log.
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

    /// The number of a stream: the position of its first event.
    std::optional<std::int64_t> find_stream(const TenantId& tenant, const StreamName& stream);
    Version version_of(std::int64_t stream_id);

    /// Into `events`, in place of what they hold. Forwards: nothing up to the position that is
    /// returned is missing in them.
    Position page(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail = Detail::whole
    );

    Position head();
    Position position_at(Timestamp time, Position head);
    std::optional<RecordedEvent> at(Position position);
    std::optional<RecordedEvent> find(const EventId& id);
    std::optional<RecordedEvent> last_of(const TenantId& tenant);

private:
    struct Range {
        Position first = 0;
        Position last = 0;  // inclusive
    };
    /// Where the events of a filter are found: in some streams, among some kinds, or everywhere.
    struct Sources {
        enum class Kind { all, kinds, streams };
        Kind kind = Kind::all;
        std::vector<std::int64_t> ids;  // ascending
    };
    /// A search under way: what is found, and the part of the log still to be looked through.
    struct Search {
        const Filter& filter;
        Sources sources;
        Direction direction = Direction::forwards;
        Detail detail = Detail::whole;
        std::size_t limit = 0;
        Range range;
        std::vector<RecordedEvent>& events;  // the first `count` of them
        std::size_t count = 0;

        bool forwards() const { return direction == Direction::forwards; }
        bool is_over() const { return range.first > range.last || count == limit; }
        RecordedEvent& next();
        /// Nothing up to here, or down to here, is to be looked through again.
        void pass(Position position);
    };

    struct KnownName {
        Position stream_number = 0;
        StreamName name;
    };

    void read(const Statement::Run& row, RecordedEvent& event, Detail detail = Detail::whole);
    std::optional<RecordedEvent> read_one(Statement::Run row);
    KnownName& known_name(Position stream_number);
    const StreamName& name_of(Position stream_number, std::string_view category);
    Range range_of(Position from, const Filter& filter, Direction direction, Position head);
    Sources sources_of(const Filter& filter);
    void search(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail,
        Position head
    );
    void scan(Search& search, Range range);
    void scan_blocks(Search& search);
    void scan_streams(Search& search);
    std::vector<Position> blocks(const Search& search);
    std::vector<Position> positions(std::int64_t stream_id, const Search& search);
    Version version_at(std::int64_t stream_id, Position position);

    sqlite3* connection_;
    std::vector<KnownName> names_;  // of the streams met last, each in the place of its number

    Kinds kinds_;
    Statement begin_, end_;
    Statement stream_forwards_, stream_backwards_, last_version_, stream_id_, name_;
    Statement scan_forwards_, scan_backwards_, scan_facts_;
    Statement blocks_forwards_, blocks_backwards_, positions_forwards_, positions_backwards_;
    Statement position_of_version_, at_, find_, head_, recorded_after_;
};

}  // namespace vitrine::store::sqlite
