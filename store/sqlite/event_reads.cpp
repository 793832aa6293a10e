#include "store/sqlite/event_reads.hpp"

#include <algorithm>
#include <limits>

#include "store/damage.hpp"
#include "store/sqlite/stored_text.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr Version last_version = std::numeric_limits<std::int64_t>::max();

constexpr std::size_t blocks_at_a_time = 64;
constexpr std::size_t names_kept = 4096;  // less than a MiB

/// Who asks for pages of so many events reads the whole log, and meets the events of many streams
/// in turn: it has room for more names (12 MiB), since to look one up takes as long as to read an
/// event.
constexpr std::size_t page_of_a_whole_log = 2048;
constexpr std::size_t names_of_a_whole_log = 1 << 17;

#define VITRINE_FACTS \
    "position, kind_id, stream_id, version, schema, event_id, recorded_at, name, data"
#define VITRINE_EVENTS "SELECT " VITRINE_FACTS ", occurred_at, hash, metadata FROM events "
// Of a stream's first event only the row itself is kept, under the stream's number.
#define VITRINE_LATER_EVENTS VITRINE_EVENTS "INDEXED BY events_by_stream "
// The last term tells SQLite that the index has them. It stands after `bounds`, since of two lower
// bounds SQLite seeks the first and walks from there to the other.
#define VITRINE_OF_STREAM(bounds) "WHERE stream_id = ? " bounds " AND version > 1 "

/// One view of the file for several statements, and one lock for them. Nothing inside of a
/// transaction, which is one.
class Snapshot {
public:
    Snapshot(sqlite3* connection, Statement& begin, Statement& end) {
        if (sqlite3_get_autocommit(connection) == 0) return;
        begin.execute();
        end_ = &end;
    }
    ~Snapshot() {
        try {
            if (end_ != nullptr) end_->execute();
        } catch (...) {  // a read transaction has nothing to lose
        }
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Statement* end_ = nullptr;
};

}  // namespace

EventReads::EventReads(sqlite3* c)
    : connection_(c),
      names_(names_kept),
      kinds_(c),
      begin_(c, "BEGIN"),
      end_(c, "COMMIT"),
      stream_forwards_(
          c, VITRINE_LATER_EVENTS VITRINE_OF_STREAM("AND version >= ?") "ORDER BY version LIMIT ?"
      ),
      stream_backwards_(
          c,
          VITRINE_LATER_EVENTS VITRINE_OF_STREAM("AND version <= ?") "ORDER BY version DESC LIMIT ?"
      ),
      last_version_(
          c, "SELECT max(version) FROM events INDEXED BY events_by_stream " VITRINE_OF_STREAM("")
      ),
      stream_id_(
          c,
          "SELECT position FROM events INDEXED BY events_by_name WHERE category_id = ? AND name = ?"
      ),
      name_(c, "SELECT name FROM events WHERE position = ?"),
      scan_forwards_(c, VITRINE_EVENTS "WHERE position BETWEEN ? AND ? ORDER BY position"),
      scan_backwards_(c, VITRINE_EVENTS "WHERE position BETWEEN ? AND ? ORDER BY position DESC"),
      scan_facts_(
          c, "SELECT " VITRINE_FACTS " FROM events WHERE position BETWEEN ? AND ? ORDER BY position"
      ),
      blocks_forwards_(
          c,
          "SELECT block FROM kind_blocks WHERE kind_id = ? AND block BETWEEN ? AND ? "
          "ORDER BY block LIMIT ?"
      ),
      blocks_backwards_(
          c,
          "SELECT block FROM kind_blocks WHERE kind_id = ? AND block BETWEEN ? AND ? "
          "ORDER BY block DESC LIMIT ?"
      ),
      positions_forwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_stream " VITRINE_OF_STREAM(
              "AND version > ? AND version <= ?"
          ) "ORDER BY version LIMIT ?"
      ),
      positions_backwards_(
          c,
          "SELECT position FROM events INDEXED BY events_by_stream " VITRINE_OF_STREAM(
              "AND version > ? AND version <= ?"
          ) "ORDER BY version DESC LIMIT ?"
      ),
      position_of_version_(
          c,
          "SELECT position FROM events INDEXED BY events_by_stream " VITRINE_OF_STREAM(
              "AND version = ?"
          )
      ),
      at_(c, VITRINE_EVENTS "WHERE position = ?"),
      find_(c, VITRINE_EVENTS "WHERE event_id = ?"),
      head_(c, "SELECT coalesce(max(position), 0) FROM events"),
      recorded_after_(
          c,
          "SELECT position, recorded_at FROM events WHERE position >= ? ORDER BY position LIMIT 1"
      ) {}

void EventReads::read(const Statement::Run& row, RecordedEvent& event, Detail detail) {
    event.position = row.unsigned_number(0);
    const auto& kind = kinds_.at(row.number(1));
    event.tenant = kind.tenant;
    event.type = kind.type;
    event.stream_number = row.unsigned_number(2);
    event.version = row.unsigned_number(3);
    if (event.version == 1) {
        read_into(event.stream, row, 7, kind.category);
        known_name(event.stream_number) = {event.stream_number, event.stream};
    } else {
        event.stream = name_of(event.stream_number, kind.category);
    }
    event.schema = static_cast<int>(row.number(4));
    read_into(event.id, row, 5);
    event.recorded_at = row.time(6);
    event.data.assign(row.text(8));
    if (detail == Detail::facts) return keep_facts(event);
    event.occurred_at = row.time(9);
    const auto hash = row.blob(10);
    std::copy_n(hash.begin(), std::min(hash.size(), event.hash.size()), event.hash.begin());
    event.metadata.assign(row.text(11));
}

std::optional<RecordedEvent> EventReads::read_one(Statement::Run row) {
    std::optional<RecordedEvent> event;
    if (row.next()) read(row, event.emplace());
    return event;
}

EventReads::KnownName& EventReads::known_name(Position stream_number) {
    return names_[stream_number % names_.size()];
}

const StreamName& EventReads::name_of(Position stream_number, std::string_view category) {
    auto& known = known_name(stream_number);
    if (known.stream_number == stream_number) return known.name;
    auto row = name_.run(stream_number);
    if (!row.next()) throw Damaged("the event log is damaged: a stream has no first event");
    read_into(known.name, row, 0, category);
    known.stream_number = stream_number;
    return known.name;
}

std::optional<std::int64_t> EventReads::find_stream(
    const TenantId& tenant, const StreamName& stream
) {
    const auto category = events::category_of(stream);
    const auto category_id = kinds_.find_category(tenant, category);
    if (!category_id) return std::nullopt;
    return stored(stream, category).visit([&](auto name) -> std::optional<std::int64_t> {
        auto row = stream_id_.run(*category_id, name);
        return row.next() ? std::optional(row.number(0)) : std::nullopt;
    });
}

std::vector<RecordedEvent> EventReads::stream(
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    std::size_t limit,
    Direction direction
) {
    const Snapshot snapshot(connection_, begin_, end_);
    std::vector<RecordedEvent> events;
    const auto stream_id = find_stream(tenant, stream);
    if (!stream_id || limit == 0) return events;
    const bool forwards = direction == Direction::forwards;
    const auto bound = !forwards && from == 0 ? last_version : std::min(from, last_version);
    const auto add_first = [&] {
        if (auto first = at(static_cast<Position>(*stream_id))) events.push_back(std::move(*first));
    };
    if (forwards && bound <= 1) add_first();
    {
        auto rows = (forwards ? stream_forwards_ : stream_backwards_)
                        .run(*stream_id, bound, limit - events.size());
        while (rows.next()) read(rows, events.emplace_back());
    }
    if (!forwards && events.size() < limit) add_first();
    return events;
}

Version EventReads::stream_version(const TenantId& tenant, const StreamName& stream) {
    const Snapshot snapshot(connection_, begin_, end_);
    const auto stream_id = find_stream(tenant, stream);
    return stream_id ? version_of(*stream_id) : 0;
}

Version EventReads::version_of(std::int64_t stream_id) {
    auto row = last_version_.run(stream_id);
    return row.next() && !row.is_null(0) ? row.unsigned_number(0) : 1;
}

Position EventReads::head() {
    auto row = head_.run();
    return row.next() ? row.unsigned_number(0) : 0;
}

std::optional<RecordedEvent> EventReads::at(Position position) {
    return read_one(at_.run(position));
}

std::optional<RecordedEvent> EventReads::find(const EventId& id) {
    return stored(id).visit([&](auto text) { return read_one(find_.run(text)); });
}

Position EventReads::position_at(Timestamp time, Position head) {
    // recorded_at never decreases, so halving finds it without an index; positions may have gaps.
    Position found = 0;
    Position low = 1;
    Position high = head;
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
        const auto before = position_at(*filter.since - std::chrono::microseconds(1), head);
        range.first = std::max(range.first, before + 1);
    }
    if (filter.until) range.last = std::min(range.last, position_at(*filter.until, head));
    return range;
}

EventReads::Sources EventReads::sources_of(const Filter& filter) {
    kinds_.refresh();
    Sources sources;
    if (filter.stream) {
        sources.kind = Sources::Kind::streams;
        const auto tenants = filter.tenant ? std::vector{*filter.tenant} : kinds_.tenants();
        for (const auto& tenant : tenants) {
            if (const auto id = find_stream(tenant, *filter.stream)) sources.ids.push_back(*id);
        }
        return sources;
    }
    sources.ids = kinds_.matching(filter);
    const bool all = sources.ids.size() == kinds_.size();
    sources.kind = all ? Sources::Kind::all : Sources::Kind::kinds;
    return sources;
}

Position EventReads::page(
    std::vector<RecordedEvent>& events,
    Position from,
    const Filter& filter,
    std::size_t limit,
    Direction direction,
    Detail detail
) {
    if (limit >= page_of_a_whole_log) names_.resize(names_of_a_whole_log);
    const Snapshot snapshot(connection_, begin_, end_);
    const auto log_head = head();
    search(events, from, filter, limit, direction, detail, log_head);
    if (events.size() < limit) return std::max(log_head, from == 0 ? 0 : from - 1);
    return limit == 0 ? 0 : events.back().position;
}

std::optional<RecordedEvent> EventReads::last_of(const TenantId& tenant) {
    Filter filter;
    filter.tenant = tenant;
    std::vector<RecordedEvent> events;
    search(events, 0, filter, 1, Direction::backwards, Detail::whole, head());
    return events.empty() ? std::nullopt : std::optional(std::move(events.front()));
}

void EventReads::search(
    std::vector<RecordedEvent>& events,
    Position from,
    const Filter& filter,
    std::size_t limit,
    Direction direction,
    Detail detail,
    Position head
) {
    Search search{
        .filter = filter,
        .sources = sources_of(filter),
        .direction = direction,
        .detail = detail,
        .limit = limit,
        .range = range_of(from, filter, direction, head),
        .events = events,
        .count = 0,
    };
    while (!search.is_over()) {
        switch (search.sources.kind) {
            case Sources::Kind::all:
                scan(search, search.range);
                break;
            case Sources::Kind::kinds:
                scan_blocks(search);
                break;
            case Sources::Kind::streams:
                scan_streams(search);
                break;
        }
    }
    events.resize(search.count);
}

RecordedEvent& EventReads::Search::next() {
    if (count == events.size()) events.emplace_back();
    return events[count++];
}

void EventReads::Search::pass(Position position) {
    if (forwards()) {
        range.first = position + 1;
    } else {
        range.last = position - 1;
    }
}

/// Looks at every row of `range`, until there are enough events.
void EventReads::scan(Search& search, Range range) {
    auto& statement = !search.forwards()               ? scan_backwards_
                      : search.detail == Detail::facts ? scan_facts_
                                                       : scan_forwards_;
    const auto& ids = search.sources.ids;
    const bool all = search.sources.kind == Sources::Kind::all;
    auto rows = statement.run(range.first, range.last);
    while (search.count < search.limit && rows.next()) {
        if (!all && !std::ranges::binary_search(ids, rows.number(1))) continue;
        read(rows, search.next(), search.detail);
    }
    search.pass(search.forwards() ? range.last : range.first);
}

/// Scans the next blocks that have an event of the wanted kinds.
void EventReads::scan_blocks(Search& search) {
    const auto found = blocks(search);
    for (const auto block : found) {
        const Range rows{
            std::max(search.range.first, block * positions_in_block),
            std::min(search.range.last, block * positions_in_block + positions_in_block - 1)
        };
        scan(search, rows);
        if (search.is_over()) return;
    }
    if (found.size() < blocks_at_a_time) {
        search.pass(search.forwards() ? search.range.last : search.range.first);
    }
}

std::vector<Position> EventReads::blocks(const Search& search) {
    auto& statement = search.forwards() ? blocks_forwards_ : blocks_backwards_;
    std::vector<Position> found;
    for (const auto kind : search.sources.ids) {
        auto rows = statement.run(
            kind,
            search.range.first / positions_in_block,
            search.range.last / positions_in_block,
            blocks_at_a_time
        );
        while (rows.next()) found.push_back(rows.unsigned_number(0));
    }
    if (search.forwards()) {
        std::ranges::sort(found);
    } else {
        std::ranges::sort(found, std::greater());
    }
    const auto [rest, end] = std::ranges::unique(found);
    found.erase(rest, end);
    if (found.size() > blocks_at_a_time) found.resize(blocks_at_a_time);
    return found;
}

/// All that is left to find, by the index of streams.
void EventReads::scan_streams(Search& search) {
    std::vector<Position> found;
    for (const auto stream_id : search.sources.ids) {
        const auto some = positions(stream_id, search);
        found.insert(found.end(), some.begin(), some.end());
    }
    if (search.forwards()) {
        std::ranges::sort(found);
    } else {
        std::ranges::sort(found, std::greater());
    }
    const auto wanted = search.limit - search.count;
    if (found.size() > wanted) found.resize(wanted);
    for (const auto position : found) {
        auto event = at(position);
        if (!event || !search.filter.matches(*event)) continue;
        if (search.detail == Detail::facts) keep_facts(*event);
        search.next() = std::move(*event);
    }
    // With `wanted` found there may be more.
    const bool whole = found.size() < wanted;
    const auto end = search.forwards() ? search.range.last : search.range.first;
    search.pass(whole ? end : found.back());
}

/// The positions of one stream in the range of `search`, the nearest first, as many as it wants.
std::vector<Position> EventReads::positions(std::int64_t stream_id, const Search& search) {
    const auto wanted = search.limit - search.count;
    const auto first = static_cast<Position>(stream_id);
    const bool has_first = first >= search.range.first && first <= search.range.last;
    std::vector<Position> found;
    if (has_first && search.forwards()) found.push_back(first);
    auto& statement = search.forwards() ? positions_forwards_ : positions_backwards_;
    const auto before = version_at(stream_id, search.range.first - 1);
    const auto last = version_at(stream_id, search.range.last);
    auto rows = statement.run(stream_id, before, last, wanted);
    while (rows.next()) found.push_back(rows.unsigned_number(0));
    if (has_first && !search.forwards()) found.push_back(first);
    return found;
}

/// The version of a stream after the event at `position`, found by halving, since both only grow.
Version EventReads::version_at(std::int64_t stream_id, Position position) {
    if (position < static_cast<Position>(stream_id)) return 0;
    Version low = 1;
    Version high = version_of(stream_id);
    while (low < high) {
        const auto middle = low + (high - low + 1) / 2;
        auto row = position_of_version_.run(stream_id, middle);
        if (!row.next()) throw Damaged("the event log is damaged: a stream has a gap");
        if (row.unsigned_number(0) <= position) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

}  // namespace vitrine::store::sqlite
