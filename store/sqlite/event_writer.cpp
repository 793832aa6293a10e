#include "store/sqlite/event_writer.hpp"

#include <algorithm>
#include <stdexcept>

#include "store/append_rules.hpp"
#include "store/sqlite/append_error.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t heads_kept = 32'768;  // about 5 MiB
constexpr std::size_t in_between_limit = 100;

std::size_t count_events(const Append& append) {
    std::size_t count = 0;
    for (const auto& part : append.streams) count += part.events.size();
    return count;
}

bool has_duplicate_ids(const Append& append) {
    std::vector<std::string_view> ids;
    for (const auto& part : append.streams) {
        for (const auto& event : part.events) ids.push_back(event.id.view());
    }
    if (!std::ranges::is_sorted(ids)) std::ranges::sort(ids);
    return std::ranges::adjacent_find(ids) != ids.end();
}

bool expects_none(const ExpectedVersion& expected) {
    return expected.kind != ExpectedVersion::Kind::any && is_met(expected, 0);
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
    : connection_(c),
      reads_(reads),
      kinds_(c),
      streams_(heads_kept),
      // Of another program's row in the way nothing can be said here, so it is no error yet.
      insert_event_(
          c,
          "INSERT OR IGNORE INTO events (position, stream_id, version, kind_id, schema, event_id, "
          "occurred_at, recorded_at, hash, category_id, name, data, metadata) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      insert_block_(c, "INSERT OR IGNORE INTO kind_blocks (kind_id, block) VALUES (?, ?)"),
      select_id_(c, "SELECT 1 FROM events WHERE event_id = ?") {
    kinds_.refresh();
    last_position_ = reads_.head();
    if (const auto last = reads_.at(last_position_)) last_recorded_ = last->recorded_at;
    // Blobs sort above texts.
    Statement select_last_id(c, "SELECT max(event_id) FROM events");
    auto row = select_last_id.run();
    if (row.next() && row.is_blob(0) && row.blob(0).size() == last_id_.size()) {
        std::ranges::copy(row.blob(0), last_id_.begin());
    }
}

/// UUIDs of version 7 come in order, nearly: most need no look-up.
bool EventWriter::is_above_all(const EventId& id) const {
    const auto uuid = stored(id).uuid();
    return uuid && *uuid > last_id_;
}

bool EventWriter::is_new(const EventId& id) {
    if (is_above_all(id)) return true;
    return stored(id).visit([&](auto text) { return !select_id_.run(text).next(); });
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
        if (!is_met(part->expected, current)) return conflict(append, *part, current);
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

Appended EventWriter::write(Append& append, Timestamp now, std::vector<WrittenEvent>& written) {
    Appended appended;
    appended.versions.reserve(append.streams.size());
    last_recorded_ = std::max(last_recorded_, now);
    for (auto& part : append.streams) {
        auto stream = head(append.tenant, part.stream);
        for (auto& asked : part.events) {
            const auto& kind =
                kinds_.find_or_add(append.tenant, events::category_of(part.stream), asked.type);
            auto& chain = chain_head(append.tenant);
            if (!insert(append.tenant, part, asked, stream, kind, chain, written)) {
                throw std::runtime_error("the log has a row that its writer does not know of");
            }
            if (appended.first == 0) appended.first = last_position_;
            appended.last = last_position_;
        }
        if (!part.events.empty()) streams_.set(append.tenant, part.stream, stream);
        appended.versions.push_back(stream.version);
    }
    return appended;
}

std::optional<Appended> EventWriter::write_if_new(
    Append& append, Timestamp now, std::vector<WrittenEvent>& written
) {
    if (append.streams.size() != 1 || append.streams.front().events.size() != 1) {
        return std::nullopt;
    }
    auto& part = append.streams.front();
    auto& asked = part.events.front();
    const auto* kind = kinds_.find(append.tenant, events::category_of(part.stream), asked.type);
    if (kind == nullptr) return std::nullopt;
    auto stream = head_if_met(append.tenant, part);
    if (!stream) return std::nullopt;
    last_recorded_ = std::max(last_recorded_, now);
    auto& chain = chain_head(append.tenant);
    if (!insert(append.tenant, part, asked, *stream, *kind, chain, written)) return std::nullopt;
    streams_.set(append.tenant, part.stream, *stream);
    Appended appended{.first = last_position_, .last = last_position_, .versions = {}};
    appended.versions.push_back(stream->version);
    return appended;
}

/// A stream that is expected not to exist is taken at that word: if it does, its name is in the
/// index.
std::optional<StreamHead> EventWriter::head_if_met(
    const TenantId& tenant, const StreamAppend& part
) {
    if (expects_none(part.expected)) return StreamHead();
    const auto current = head(tenant, part.stream);
    return is_met(part.expected, current.version) ? std::optional(current) : std::nullopt;
}

/// The row at the end of the log; moves the heads on. False: a unique index has such an event id,
/// stream or version already, and nothing was done.
bool EventWriter::insert(
    const TenantId& tenant,
    StreamAppend& part,
    NewEvent& asked,
    StreamHead& stream,
    const Kind& kind,
    events::Hash& chain,
    std::vector<WrittenEvent>& written
) {
    const auto position = last_position_ + 1;
    const auto version = stream.version + 1;
    const bool is_first = version == 1;
    const auto stream_id = is_first ? static_cast<std::int64_t>(position) : stream.stream_id;
    const auto hash = chain_.next(
        chain,
        ChainLink{
            .event_id = asked.id.view(),
            .tenant = tenant.view(),
            .stream = part.stream.view(),
            .version = version,
            .type = asked.type,
            .schema = asked.schema,
            .occurred_at = asked.occurred_at,
            .recorded_at = last_recorded_,
            .data = asked.data,
            .metadata = asked.metadata,
        }
    );
    const auto id = stored(asked.id);
    const auto insert_row = [&](auto stored_id, auto category_id, auto name) {
        insert_event_.execute(
            position,
            stream_id,
            version,
            kind.id,
            asked.schema,
            stored_id,
            asked.occurred_at,
            last_recorded_,
            Bytes(hash),
            category_id,
            name,
            std::string_view(asked.data),
            std::string_view(asked.metadata)
        );
    };
    id.visit([&](auto stored_id) {
        if (!is_first) return insert_row(stored_id, nullptr, nullptr);
        stored(part.stream, kind.category).visit([&](auto name) {
            insert_row(stored_id, kind.category_id, name);
        });
    });
    if (sqlite3_changes(connection_) == 0) return false;
    note_block(kind.id, position);
    stream = {.stream_id = stream_id, .version = version};
    chain = hash;
    last_position_ = position;
    if (id.uuid() && *id.uuid() > last_id_) last_id_ = *id.uuid();
    written.push_back({
        .tenant = &tenant,
        .stream = &part.stream,
        .is_last_of_part = &asked == &part.events.back(),
        .asked = &asked,
        .position = position,
        .stream_number = static_cast<Position>(stream_id),
        .version = version,
        .recorded_at = last_recorded_,
        .hash = hash,
    });
    return true;
}

void EventWriter::note_block(std::int64_t kind_id, Position position) {
    const auto block = position / positions_in_block;
    auto& last = last_blocks_[kind_id];  // 0: not known; the first block is noted once too often
    if (last == block && block != 0) return;
    insert_block_.execute(kind_id, block);
    last = block;
}

StreamHead EventWriter::head(const TenantId& tenant, const StreamName& stream) {
    if (const auto* known = streams_.find(tenant, stream)) return *known;
    StreamHead head;
    if (const auto id = reads_.find_stream(tenant, stream))
        head = {.stream_id = *id, .version = reads_.version_of(*id)};
    streams_.set(tenant, stream, head);
    return head;
}

events::Hash& EventWriter::chain_head(const TenantId& tenant) {
    if (const auto known = chain_heads_.find(tenant); known != chain_heads_.end()) {
        return known->second;
    }
    const auto last = reads_.last_of(tenant);
    return chain_heads_.emplace(tenant, last ? last->hash : chain_.first(tenant.view()))
        .first->second;
}

}  // namespace vitrine::store::sqlite
