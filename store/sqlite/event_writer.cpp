#include "store/sqlite/event_writer.hpp"

#include <algorithm>
#include <unordered_set>

#include "store/sqlite/append_error.hpp"
#include "store/sqlite/event_id.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t heads_kept = 32'768;  // about 5 MiB a generation
constexpr std::size_t in_between_limit = 100;

std::size_t count_events(const Append& append) {
    std::size_t count = 0;
    for (const auto& part : append.streams) count += part.events.size();
    return count;
}

bool has_duplicate_ids(const Append& append) {
    std::unordered_set<std::string_view> seen;
    for (const auto& part : append.streams) {
        for (const auto& event : part.events) {
            if (!seen.insert(event.id.view()).second) return true;
        }
    }
    return false;
}

bool same_content(
    const TenantId& tenant,
    const StreamName& stream,
    const NewEvent& asked,
    const RecordedEvent& stored
) {
    return stored.tenant == tenant && stored.stream == stream && stored.type == asked.type &&
           stored.schema == asked.schema && stored.data == asked.data &&
           stored.metadata == asked.metadata && stored.occurred_at == asked.occurred_at;
}

AppendError reused(const EventId& id) {
    auto error = append_error(
        AppendError::Kind::event_id_reused,
        "event " + id.str() + " is in the log already, with other content or company"
    );
    return error;
}

}  // namespace

EventWriter::EventWriter(sqlite3* c, EventReads& reads)
    : reads_(reads),
      kinds_(c),
      streams_(heads_kept),
      insert_event_(
          c,
          "INSERT INTO events (position, stream_id, version, kind_id, schema, event_id, "
          "occurred_at, recorded_at, hash, data, metadata) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      insert_stream_(c, "INSERT INTO streams (stream_id, tenant, name) VALUES (?, ?, ?)"),
      select_stream_(c, "SELECT stream_id FROM streams WHERE tenant = ? AND name = ?"),
      select_version_(c, "SELECT coalesce(max(version), 0) FROM events WHERE stream_id = ?"),
      select_id_(c, "SELECT 1 FROM events WHERE event_id = ?"),
      select_kind_head_(
          c,
          "SELECT coalesce(max(position), 0) FROM events INDEXED BY events_by_kind "
          "WHERE kind_id = ?"
      ) {
    kinds_.refresh();
    last_position_ = reads_.head();
    if (const auto last = reads_.at(last_position_)) last_recorded_ = last->recorded_at;
    Statement select_last_stream(c, "SELECT coalesce(max(stream_id), 0) FROM streams");
    if (auto row = select_last_stream.run(); row.next()) last_stream_id_ = row.number(0);
}

bool EventWriter::is_new(const EventId& id) {
    return StoredEventId(id.view()).visit([&](auto stored) {
        return !select_id_.run(stored).next();
    });
}

std::expected<std::optional<Appended>, AppendError> EventWriter::find_repeated(const Append& append
) {
    const auto count = count_events(append);
    if (count > 1 && has_duplicate_ids(append)) {
        return std::unexpected(append_error(
            AppendError::Kind::event_id_reused, "an event id stands twice in one append"
        ));
    }
    std::size_t found = 0;
    const EventId* known = nullptr;
    const EventId* different = nullptr;
    Appended appended{.first = 0, .last = 0, .versions = {}, .repeated = true};
    for (const auto& part : append.streams) {
        Version version = 0;
        for (const auto& event : part.events) {
            if (is_new(event.id)) continue;
            const auto stored = reads_.find(event.id);
            if (!stored) continue;
            ++found;
            known = &event.id;
            if (!same_content(append.tenant, part.stream, event, *stored)) different = known;
            version = stored->version;
            if (appended.first == 0) appended.first = stored->position;
            appended.last = stored->position;
        }
        appended.versions.push_back(version);
    }
    if (found == 0) return std::nullopt;
    if (different != nullptr) return std::unexpected(reused(*different));
    if (found < count) return std::unexpected(reused(*known));
    return appended;
}

std::optional<AppendError> EventWriter::refuse(const Append& append) {
    for (auto part = append.streams.begin(); part != append.streams.end(); ++part) {
        auto current = head(append.tenant, part->stream).version;
        // The same stream may stand in one append more than once.
        for (auto before = append.streams.begin(); before != part; ++before) {
            if (before->stream == part->stream) current += before->events.size();
        }
        using Kind = ExpectedVersion::Kind;
        const auto& expected = part->expected;
        const bool met = expected.kind == Kind::any ||
                         (expected.kind == Kind::no_stream && current == 0) ||
                         (expected.kind == Kind::stream_exists && current > 0) ||
                         (expected.kind == Kind::exact && current == expected.version);
        if (!met) return conflict(append, *part, current);
    }
    return std::nullopt;
}

AppendError EventWriter::conflict(const Append& append, const StreamAppend& part, Version current) {
    auto error = append_error(
        AppendError::Kind::conflict,
        "stream " + part.stream.str() + " is at version " + std::to_string(current)
    );
    error.stream = part.stream;
    error.current = current;
    if (part.expected.kind == ExpectedVersion::Kind::exact && part.expected.version < current) {
        error.in_between = reads_.stream(
            append.tenant,
            part.stream,
            part.expected.version + 1,
            in_between_limit,
            Direction::forwards
        );
    }
    return error;
}

Appended EventWriter::write(
    const Append& append, Timestamp now, std::vector<RecordedEvent>& written
) {
    Appended appended;
    last_recorded_ = std::max(last_recorded_, now);
    for (const auto& part : append.streams) {
        auto stream = head(append.tenant, part.stream);
        if (stream.stream_id == 0 && !part.events.empty()) {
            stream.stream_id = add_stream(append.tenant, part.stream);
        }
        for (const auto& asked : part.events) {
            auto& previous = chain_head(append.tenant);
            RecordedEvent event{
                .position = last_position_ + 1,
                .id = asked.id,
                .tenant = append.tenant,
                .stream = part.stream,
                .version = stream.version + 1,
                .type = asked.type,
                .schema = asked.schema,
                .data = asked.data,
                .metadata = asked.metadata,
                .occurred_at = asked.occurred_at,
                .recorded_at = last_recorded_,
                .hash = {},
            };
            event.hash = chain_.next(
                previous,
                ChainLink{
                    .event_id = event.id.view(),
                    .tenant = event.tenant.view(),
                    .stream = event.stream.view(),
                    .version = event.version,
                    .type = event.type,
                    .schema = event.schema,
                    .occurred_at = event.occurred_at,
                    .recorded_at = event.recorded_at,
                    .data = event.data,
                    .metadata = event.metadata,
                }
            );
            insert(
                event, stream.stream_id, kinds_.find_or_add(append.tenant, part.stream, asked.type)
            );
            previous = event.hash;
            stream.version = event.version;
            last_position_ = event.position;
            if (appended.first == 0) appended.first = event.position;
            appended.last = event.position;
            written.push_back(std::move(event));
        }
        if (!part.events.empty()) streams_.set(append.tenant, part.stream, stream);
        appended.versions.push_back(stream.version);
    }
    return appended;
}

void EventWriter::insert(const RecordedEvent& event, std::int64_t stream_id, std::int64_t kind_id) {
    StoredEventId(event.id.view()).visit([&](auto stored) {
        insert_event_.execute(
            event.position,
            stream_id,
            event.version,
            kind_id,
            event.schema,
            stored,
            event.occurred_at,
            event.recorded_at,
            Bytes(event.hash),
            std::string_view(event.data),
            std::string_view(event.metadata)
        );
    });
}

StreamHead EventWriter::head(const TenantId& tenant, const StreamName& stream) {
    if (const auto* known = streams_.find(tenant, stream)) return *known;
    StreamHead head;
    if (auto row = select_stream_.run(tenant, stream); row.next()) {
        head.stream_id = row.number(0);
        auto version = select_version_.run(head.stream_id);
        if (version.next()) head.version = version.unsigned_number(0);
    }
    streams_.set(tenant, stream, head);
    return head;
}

std::int64_t EventWriter::add_stream(const TenantId& tenant, const StreamName& stream) {
    insert_stream_.execute(last_stream_id_ + 1, tenant, stream);
    return ++last_stream_id_;
}

events::Hash& EventWriter::chain_head(const TenantId& tenant) {
    if (const auto known = chain_heads_.find(tenant); known != chain_heads_.end()) {
        return known->second;
    }
    Position last = 0;
    for (const auto kind : kinds_.of_tenant(tenant)) {
        if (auto row = select_kind_head_.run(kind); row.next()) {
            last = std::max(last, row.unsigned_number(0));
        }
    }
    const auto event = last == 0 ? std::nullopt : reads_.at(last);
    const auto hash = event ? event->hash : chain_.first(tenant.view());
    return chain_heads_.emplace(tenant, hash).first->second;
}

}  // namespace vitrine::store::sqlite
