#pragma once

#include <expected>
#include <optional>
#include <unordered_map>
#include <vector>

#include "store/event_store.hpp"
#include "store/hash_chain.hpp"
#include "store/sql/statement.hpp"
#include "store/sqlite/event_reads.hpp"
#include "store/sqlite/kinds.hpp"
#include "store/sqlite/stored_text.hpp"
#include "store/sqlite/stream_heads.hpp"

namespace vitrine::store::sqlite {

/// An event that stands in the log once its transaction is committed. `asked` is in the append that
/// brought it, and not copied.
struct WrittenEvent {
    const TenantId* tenant = nullptr;
    StreamName* stream = nullptr;  // shared by the events of its part
    bool is_last_of_part = false;
    NewEvent* asked = nullptr;
    Position position = 0;
    Position stream_number = 0;
    Version version = 0;
    Timestamp recorded_at;
    events::Hash hash{};
};

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

    /// Inserts the events, for which nothing speaks. `written` points into `append`.
    Appended write(Append& append, Timestamp now, std::vector<WrittenEvent>& written);

    /// For the usual append, one event: leaves most of the verdict to the unique indexes, which say
    /// it while the row is inserted. nullopt: nothing was written, and find_repeated or refuse may
    /// know why.
    std::optional<Appended> write_if_new(
        Append& append, Timestamp now, std::vector<WrittenEvent>& written
    );

    Position last_position() const { return last_position_; }

    /// For an import: the next event gets this position, and `now` may be as early as this.
    void continue_at(Position next, Timestamp recorded_at) {
        last_position_ = next - 1;
        last_recorded_ = recorded_at;
    }
    Timestamp last_recorded() const { return last_recorded_; }

private:
    StreamHead head(const TenantId& tenant, const StreamName& stream);
    std::optional<StreamHead> head_if_met(const TenantId& tenant, const StreamAppend& part);
    bool insert(
        const TenantId& tenant,
        StreamAppend& part,
        NewEvent& asked,
        StreamHead& stream,
        const Kind& kind,
        events::Hash& chain,
        std::vector<WrittenEvent>& written
    );
    void note_block(std::int64_t kind_id, Position position);
    events::Hash& chain_head(const TenantId& tenant);
    bool is_above_all(const EventId& id) const;
    bool is_new(const EventId& id);
    AppendError conflict(const Append& append, const StreamAppend& part, Version current);

    sqlite3* connection_;
    EventReads& reads_;
    Kinds kinds_;
    HashChain chain_;
    StreamHeads streams_;
    std::unordered_map<TenantId, events::Hash> chain_heads_;
    std::unordered_map<std::int64_t, Position> last_blocks_;  // by kind
    UuidBytes last_id_{};  // above all UUIDs of the log, or equal to the last of them
    Position last_position_ = 0;
    Timestamp last_recorded_{};
    Statement insert_event_, insert_block_, select_id_;
};

}  // namespace vitrine::store::sqlite
