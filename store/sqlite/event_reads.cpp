#include "store/sqlite/event_reads.hpp"

#include <algorithm>
#include <limits>

#include "store/sqlite/event_id.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr Version last_version = std::numeric_limits<std::int64_t>::max();

#define VITRINE_EVENT_COLUMNS                                                                \
    "SELECT e.position, e.kind_id, s.name, e.version, e.schema, e.event_id, e.occurred_at, " \
    "e.recorded_at, e.hash, e.data, e.metadata "
// CROSS JOIN fixes the order of the loops.
#define VITRINE_EVENTS \
    VITRINE_EVENT_COLUMNS "FROM events AS e CROSS JOIN streams AS s ON s.stream_id = e.stream_id "
#define VITRINE_STREAM_EVENTS                                               \
    VITRINE_EVENT_COLUMNS                                                   \
    "FROM streams AS s CROSS JOIN events AS e INDEXED BY events_by_stream " \
    "ON e.stream_id = s.stream_id WHERE s.tenant = ? AND s.name = ? "

/// One view of the file for several statements.
class Snapshot {
public:
    Snapshot(Statement& begin, Statement& end) : end_(end) { begin.execute(); }
    ~Snapshot() {
        try {
            end_.execute();
        } catch (...) {  // a read transaction has nothing to lose
        }
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Statement& end_;
};

}  // namespace

EventReads::EventReads(sqlite3* c)
    : kinds_(c),
      begin_(c, "BEGIN"),
      end_(c, "COMMIT"),
      stream_forwards_(c, VITRINE_STREAM_EVENTS "AND e.version >= ? ORDER BY e.version LIMIT ?"),
      stream_backwards_(
          c, VITRINE_STREAM_EVENTS "AND e.version <= ? ORDER BY e.version DESC LIMIT ?"
      ),
      stream_version_(
          c,
          "SELECT coalesce(max(version), 0) FROM events WHERE stream_id = "
          "(SELECT stream_id FROM streams WHERE tenant = ? AND name = ?)"
      ),
      stream_id_(c, "SELECT stream_id FROM streams WHERE tenant = ? AND name = ?"),
      scan_forwards_(
          c, VITRINE_EVENTS "WHERE e.position BETWEEN ? AND ? ORDER BY e.position LIMIT ?"
      ),
      scan_backwards_(
          c, VITRINE_EVENTS "WHERE e.position BETWEEN ? AND ? ORDER BY e.position DESC LIMIT ?"
      ),
      kind_forwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_kind "
          "WHERE kind_id = ? AND position BETWEEN ? AND ? ORDER BY position LIMIT ?"
      ),
      kind_backwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_kind "
          "WHERE kind_id = ? AND position BETWEEN ? AND ? ORDER BY position DESC LIMIT ?"
      ),
      positions_forwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_stream "
          "WHERE stream_id = ? AND position BETWEEN ? AND ? ORDER BY version LIMIT ?"
      ),
      positions_backwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_stream "
          "WHERE stream_id = ? AND position BETWEEN ? AND ? ORDER BY version DESC LIMIT ?"
      ),
      at_(c, VITRINE_EVENTS "WHERE e.position = ?"),
      find_(c, VITRINE_EVENTS "WHERE e.event_id = ?"),
      head_(c, "SELECT coalesce(max(position), 0) FROM events"),
      recorded_after_(
          c,
          "SELECT position, recorded_at FROM events WHERE position >= ? ORDER BY position LIMIT 1"
      ) {}

RecordedEvent EventReads::read(const Statement::Run& row) {
    RecordedEvent event;
    event.position = row.unsigned_number(0);
    const auto& kind = kinds_.at(row.number(1));
    event.tenant = kind.tenant;
    event.type = kind.type;
    event.stream = StreamName(row.text(2));
    event.version = row.unsigned_number(3);
    event.schema = static_cast<int>(row.number(4));
    event.id = EventId(read_event_id(row, 5));
    event.occurred_at = row.time(6);
    event.recorded_at = row.time(7);
    const auto hash = row.blob(8);
    std::copy_n(hash.begin(), std::min(hash.size(), event.hash.size()), event.hash.begin());
    event.data = row.string(9);
    event.metadata = row.string(10);
    return event;
}

std::vector<RecordedEvent> EventReads::stream(
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    std::size_t limit,
    Direction direction
) {
    const bool forwards = direction == Direction::forwards;
    const auto bound = !forwards && from == 0 ? last_version : std::min(from, last_version);
    std::vector<RecordedEvent> events;
    auto rows = (forwards ? stream_forwards_ : stream_backwards_).run(tenant, stream, bound, limit);
    while (rows.next()) events.push_back(read(rows));
    return events;
}

Version EventReads::stream_version(const TenantId& tenant, const StreamName& stream) {
    auto row = stream_version_.run(tenant, stream);
    return row.next() ? row.unsigned_number(0) : 0;
}

Position EventReads::head() {
    auto row = head_.run();
    return row.next() ? row.unsigned_number(0) : 0;
}

std::optional<RecordedEvent> EventReads::at(Position position) {
    auto row = at_.run(position);
    return row.next() ? std::optional(read(row)) : std::nullopt;
}

std::optional<RecordedEvent> EventReads::find(const EventId& id) {
    return StoredEventId(id.view()).visit([&](auto stored) -> std::optional<RecordedEvent> {
        auto row = find_.run(stored);
        return row.next() ? std::optional(read(row)) : std::nullopt;
    });
}

Position EventReads::position_at(Timestamp time) {
    // recorded_at never decreases, so halving finds it without an index; positions may have gaps.
    Position found = 0;
    Position low = 1;
    Position high = head();
    while (low <= high) {
        const auto middle = low + (high - low) / 2;
        auto row = recorded_after_.run(middle);
        if (row.next() && row.unsigned_number(0) <= high && row.time(1) <= time) {
            found = row.unsigned_number(0);
            low = found + 1;
        } else {
            high = middle - 1;
        }
    }
    return found;
}

EventReads::Range EventReads::range_of(
    Position from, const Filter& filter, Direction direction, Position head
) {
    Range range{1, head};
    if (direction == Direction::forwards) {
        range.first = std::max<Position>(from, 1);
    } else if (from != 0) {
        range.last = std::min(from, head);
    }
    if (filter.since) {
        const auto before = position_at(*filter.since - std::chrono::microseconds(1));
        range.first = std::max(range.first, before + 1);
    }
    if (filter.until) range.last = std::min(range.last, position_at(*filter.until));
    return range;
}

EventReads::Sources EventReads::sources_of(const Filter& filter) {
    kinds_.refresh();
    Sources sources;
    if (filter.stream) {
        sources.by_stream = true;
        const auto tenants = filter.tenant ? std::vector{*filter.tenant} : kinds_.tenants();
        for (const auto& tenant : tenants) {
            auto row = stream_id_.run(tenant, *filter.stream);
            if (row.next()) sources.ids.push_back(row.number(0));
        }
        return sources;
    }
    sources.ids = kinds_.matching(filter);
    sources.all = sources.ids.size() == kinds_.size();
    return sources;
}

Page EventReads::page(Position from, const Filter& filter, std::size_t limit, Direction direction) {
    const Snapshot snapshot(begin_, end_);
    const auto log_head = head();
    Search search{
        .filter = filter,
        .sources = sources_of(filter),
        .direction = direction,
        .limit = limit,
        .range = range_of(from, filter, direction, log_head),
        .events = {},
    };
    // Where many events match, row after row is the fastest way; where few do, an index is.
    Position window = std::max<std::size_t>(limit, 64);
    bool dense = !search.sources.by_stream;
    while (!search.is_over()) {
        if (dense) {
            dense = scan(search, search.sources.all ? search.limit : 4 * window);
        } else {
            dense = look_up(search, window);
            window *= 4;
        }
    }
    Page page;
    page.scanned = search.events.size() == limit ? (limit == 0 ? 0 : search.events.back().position)
                                                 : std::max(log_head, from == 0 ? 0 : from - 1);
    page.events = std::move(search.events);
    return page;
}

void EventReads::Search::pass(Position position) {
    if (direction == Direction::forwards) {
        range.first = position + 1;
    } else {
        range.last = position - 1;
    }
}

/// Looks at up to so many rows. True: they are worth going on so.
bool EventReads::scan(Search& search, std::size_t most) {
    const bool forwards = search.direction == Direction::forwards;
    auto& statement = forwards ? scan_forwards_ : scan_backwards_;
    std::size_t seen = 0;
    std::size_t found = 0;
    Position last = 0;
    auto rows = statement.run(search.range.first, search.range.last, most);
    while (search.events.size() < search.limit && rows.next()) {
        ++seen;
        last = rows.unsigned_number(0);
        const auto& ids = search.sources.ids;
        if (!search.sources.all && !std::ranges::binary_search(ids, rows.number(1))) continue;
        ++found;
        search.events.push_back(read(rows));
    }
    const bool at_end = seen < most && search.events.size() < search.limit;
    search.pass(at_end ? (forwards ? search.range.last : search.range.first) : last);
    return found * 8 >= seen;
}

/// Looks up a part of the log in the index of kinds, or all of it in that of streams. True: so much
/// was found that a scan would be faster.
bool EventReads::look_up(Search& search, Position window) {
    const bool forwards = search.direction == Direction::forwards;
    const bool by_stream = search.sources.by_stream;
    auto part = search.range;
    if (!by_stream && part.last - part.first >= window) {
        if (forwards) {
            part.last = part.first + window - 1;
        } else {
            part.first = part.last - window + 1;
        }
    }
    const auto wanted = search.limit - search.events.size();
    const auto found = positions(search.sources, part, wanted, search.direction);
    for (const auto position : found) {
        auto event = at(position);
        if (event && (!by_stream || search.filter.matches(*event))) {
            search.events.push_back(std::move(*event));
        }
    }
    // With `wanted` found there may be more in this window.
    const bool whole = found.size() < wanted;
    search.pass(whole ? (forwards ? part.last : part.first) : found.back());
    return !by_stream && found.size() * 4 > window;
}

std::vector<Position> EventReads::positions(
    const Sources& sources, Range range, std::size_t limit, Direction direction
) {
    const bool forwards = direction == Direction::forwards;
    auto& statement = sources.by_stream ? (forwards ? positions_forwards_ : positions_backwards_)
                                        : (forwards ? kind_forwards_ : kind_backwards_);
    std::vector<Position> found;
    for (const auto id : sources.ids) {
        auto rows = statement.run(id, range.first, range.last, limit);
        while (rows.next()) found.push_back(rows.unsigned_number(0));
    }
    if (forwards) {
        std::ranges::sort(found);
    } else {
        std::ranges::sort(found, std::greater());
    }
    if (found.size() > limit) found.resize(limit);
    return found;
}

}  // namespace vitrine::store::sqlite
