#pragma once

#include <expected>
#include <optional>
#include <unordered_map>
#include <vector>

#include "store/event_store.hpp"
#include "store/hash_chain.hpp"
#include "store/sqlite/event_reads.hpp"
#include "store/sqlite/kinds.hpp"
#include "store/sqlite/statement.hpp"
#include "store/sqlite/stream_heads.hpp"

namespace vitrine::store::sqlite {

/// The events part of an append on the writing connection: first the verdict, which writes nothing,
/// then the rows. What it remembers between appends includes what is not committed yet; after a
/// rollback it must be thrown away. Errors of SQLite are exceptions.
class EventWriter {
public:
    EventWriter(sqlite3* connection, EventReads& reads);

    /// The events of `append` as they were written before: a value if all ids are in the log with
    /// the same content, nullopt if none is.
    std::expected<std::optional<Appended>, AppendError> find_repeated(const Append& append);

    /// The expected versions.
    std::optional<AppendError> refuse(const Append& append);

    /// Inserts the events. `written` gets what subscribers will see; texts are copied.
    Appended write(const Append& append, Timestamp now, std::vector<RecordedEvent>& written);

    Position last_position() const { return last_position_; }

    /// For an import: the next event gets this position, and `now` may be as early as this.
    void continue_at(Position next, Timestamp recorded_at) {
        last_position_ = next - 1;
        last_recorded_ = recorded_at;
    }
    Timestamp last_recorded() const { return last_recorded_; }

private:
    StreamHead head(const TenantId& tenant, const StreamName& stream);
    std::int64_t add_stream(const TenantId& tenant, const StreamName& stream);
    events::Hash& chain_head(const TenantId& tenant);
    void insert(const RecordedEvent& event, std::int64_t stream_id, std::int64_t kind_id);
    bool is_new(const EventId& id);
    AppendError conflict(const Append& append, const StreamAppend& part, Version current);

    EventReads& reads_;
    Kinds kinds_;
    HashChain chain_;
    StreamHeads streams_;
    std::unordered_map<TenantId, events::Hash> chain_heads_;
    std::int64_t last_stream_id_ = 0;
    Position last_position_ = 0;
    Timestamp last_recorded_{};
    Statement insert_event_, insert_stream_, select_stream_, select_version_, select_id_;
    Statement select_kind_head_;
};

}  // namespace vitrine::store::sqlite
