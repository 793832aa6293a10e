#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/envelope.hpp"
#include "store/journal.hpp"
#include "store/store_figures.hpp"

namespace vitrine::store {

using events::NewEvent;
using events::RecordedEvent;

/// What the writer of a stream believes about it. Checked inside the write transaction.
struct ExpectedVersion {
    enum class Kind { any, no_stream, stream_exists, exact };
    Kind kind = Kind::any;
    Version version = 0;  // of exact

    static ExpectedVersion any() { return {Kind::any, 0}; }
    static ExpectedVersion no_stream() { return {Kind::no_stream, 0}; }
    static ExpectedVersion stream_exists() { return {Kind::stream_exists, 0}; }
    static ExpectedVersion exact(Version version) { return {Kind::exact, version}; }
};

struct StreamAppend {
    StreamName stream;
    ExpectedVersion expected;
    std::vector<NewEvent> events;
};

/// One atomic change of the log: events of one or several streams of a tenant, and what the command
/// journal notes with them. Positions follow the order of the streams and events given. Either part
/// may be empty.
struct Append {
    TenantId tenant;
    std::vector<StreamAppend> streams;
    std::optional<JournalWrite> journal;
    /// What it tells has happened already, elsewhere: it may use the room that is kept for the
    /// outcomes of commands.
    bool has_happened = false;
};

struct Appended {
    Position first = 0;  // 0 when there were no events
    Position last = 0;
    std::vector<Version> versions;  // of each stream, after it
    /// True: every event id was in the log already, with the same content; nothing was written and
    /// the positions are the first ones. The journal write of such an append is not repeated
    /// either.
    bool repeated = false;
};

struct AppendError {
    enum class Kind {
        conflict,         // expected version not met
        claimed,          // a natural key that is claimed belongs to another command
        key_in_use,       // the idempotency key belongs to another command
        not_owner,        // another owner has the command's row, or is at work on its stream
        event_id_reused,  // an event id is in the log with other content, or only some of the ids
                          // are
        queue_full,       // try again later
        shutting_down,
        disk_full,    // nothing was written; reads go on
        locked,       // another process is writing to the file, for too long: nothing was written
        unavailable,  // I/O error; nothing was written, or the detail says that this is not known
    };
    Kind kind{};
    std::string detail;
    // conflict:
    StreamName stream;
    Version current = 0;  // version of that stream now
    std::vector<RecordedEvent>
        in_between;  // after the expected version, at most 100; of exact only
    // claimed, key_in_use, not_owner:
    std::optional<Claim> claim;
    CommandId holder;
};

using AppendResult = std::expected<Appended, AppendError>;
using AppendDone = std::move_only_function<void(AppendResult)>;

enum class Direction { forwards, backwards };

/// Which events of the log. Empty members do not filter; bounds are inclusive.
struct Filter {
    std::optional<TenantId> tenant;
    std::optional<StreamName> stream;
    std::string category;
    std::vector<std::string> types;
    std::optional<Timestamp> since;  // by recorded_at
    std::optional<Timestamp> until;

    bool matches(const RecordedEvent& event) const;
};

/// How much of each event is read: of a whole log, what nobody looks at is a fifth of the work.
enum class Detail {
    whole,
    facts,  // without metadata, occurred_at and hash, which are empty
};

inline void keep_facts(RecordedEvent& event) {
    event.metadata.clear();
    event.occurred_at = {};
    event.hash = {};
}

/// An event that all who follow the log share.
using SharedEvent = std::shared_ptr<const RecordedEvent>;

/// A reader's place in the log: first what is on disk, then what the writer commits, without gap or
/// duplicate. Concurrency: one thread uses it; close may be called from any other.
class Subscription {
public:
    virtual ~Subscription() = default;

    /// Waits until the log has gone on beyond position(). Then the next events that match, in
    /// order, at most `limit`, not copied for each who follows. None: what came did not match, and
    /// the position passed over it. nullopt: closed.
    virtual std::optional<std::vector<SharedEvent>> advance(std::size_t limit) = 0;

    /// The next events that match, copied; waits until there is at least one. Empty: closed.
    std::vector<RecordedEvent> next(std::size_t limit);

    /// Whether to go on after the event.
    using Take = std::function<bool(const RecordedEvent&)>;

    /// Hands over the next events that match, in order, at most `limit` and without a copy, until
    /// `take` wants no more. Does not wait: none when there is none now. How many.
    virtual std::size_t poll(std::size_t limit, const Take& take) = 0;

    std::vector<RecordedEvent> poll(std::size_t limit) {
        std::vector<RecordedEvent> events;
        poll(limit, [&events](const RecordedEvent& event) {
            events.push_back(event);
            return true;
        });
        return events;
    }

    /// Everything up to here has been handed out or did not match: where a checkpoint may stand.
    virtual Position position() const = 0;

    /// Wakes and ends `advance` and `next`, for good.
    virtual void close() = 0;
};

class Snapshots;

/// Threads of an engine whose reads take long: where it reads for those who must not wait.
/// Concurrency: any thread.
class ReadThreads {
public:
    virtual ~ReadThreads() = default;

    /// Calls `work` once, where the reads of the store may block; several at a time, in no order.
    /// What was committed before they see. It must not throw; it is dropped if the threads stop
    /// before it has begun.
    virtual void run(std::move_only_function<void()> work) = 0;

    /// Waits for what has begun and drops the rest: what they refer to may end then. For good.
    virtual void stop() = 0;
};

/// The append-only log of all tenants, with the command journal in the same transactions.
///
/// Operation: append is answered only after its events are on disk. Events are never changed or
/// removed. Concurrency: any thread. Reads block for as long as the engine takes; they see
/// committed events only, and all that were committed before. Who must not wait reads by `read`
/// (store/read.hpp). Errors: what the caller may meet in good health is a value; a broken or
/// damaged store throws std::runtime_error.
class EventStore {
public:
    virtual ~EventStore() = default;

    /// `done` is called exactly once, on the writer's thread (or at once on the caller's, when
    /// refused as queue_full or shutting_down): it must be quick and must not throw.
    virtual void append(Append append, AppendDone done) = 0;

    virtual std::vector<RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,  // inclusive; backwards from 0 means from the end
        std::size_t limit,
        Direction direction
    ) = 0;
    virtual Version stream_version(const TenantId& tenant, const StreamName& stream) = 0;

    /// Events at or above (backwards: at or below) `from` that match, at most `limit`. Backwards
    /// from 0: the end.
    std::vector<RecordedEvent> read_all(
        Position from, const Filter& filter, std::size_t limit, Direction direction
    ) {
        std::vector<RecordedEvent> events;
        read_all_into(events, from, filter, limit, direction, Detail::whole);
        return events;
    }

    /// The same in place of what `events` holds, in its memory: who reads a whole log so spends
    /// half the time.
    virtual void read_all_into(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail
    ) = 0;

    /// Position of the last committed event; 0 when empty.
    virtual Position head() = 0;

    /// Position of the last event recorded at or before `time`; 0 when none was. Never above
    /// head().
    ///
    /// The answer is final: for this time there will be no other, whatever is appended. If a commit
    /// is under way whose events may be of then, it is waited for; later ones record after `time`.
    /// What is not final: of a time that has not come yet; of a store that only reads, whose writer
    /// is another process, from the time of the last committed event on; and of a log whose times
    /// go back (LogMarks). Throws also while nobody knows what became of a commit.
    virtual Position position_at(Timestamp time) = 0;

    /// For a thread that must not wait: calls `done` as soon as position_at(time) does not: at
    /// once, or after one commit, on the thread that committed it.
    virtual void when_settled(Timestamp, std::move_only_function<void()> done) { done(); }

    /// Starts after `after`.
    virtual std::unique_ptr<Subscription> subscribe(Position after, Filter filter) = 0;

    virtual Journal& journal() = 0;

    /// Of a store that writes; zeros: it has none.
    virtual StoreFigures figures() const { return {}; }

    /// Where states of long streams are kept; nullptr: nowhere.
    virtual Snapshots* snapshots() { return nullptr; }

    /// Where an engine that takes milliseconds for a read makes those that nobody may wait for.
    /// nullptr: it takes microseconds, and whoever reads does so on its own thread.
    virtual ReadThreads* read_threads() { return nullptr; }
};

}  // namespace vitrine::store
