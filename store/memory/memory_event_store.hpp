#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/time.hpp"
#include "store/event_store.hpp"
#include "store/hash_chain.hpp"
#include "store/memory/memory_journal.hpp"

namespace vitrine::store {

/// The log in memory: what an EventStore promises, but that it outlives nothing. For tests, and the
/// plain model that other engines are compared with.
///
/// Concurrency: any thread; one lock. `done` is called on the caller's thread.
class MemoryEventStore : public EventStore {
public:
    explicit MemoryEventStore(Clock clock);
    ~MemoryEventStore() override;

    void append(Append append, AppendDone done) override;
    std::vector<RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        Direction direction
    ) override;
    Version stream_version(const TenantId& tenant, const StreamName& stream) override;
    void read_all_into(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail
    ) override;
    Position head() override;
    Position position_at(Timestamp time) override;
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override;
    Journal& journal() override;

protected:
    /// Puts other content in the place of a recorded event, as a repair of a log would.
    void replace_data(Position position, std::string data);

private:
    class Follower;
    struct Log;

    AppendResult decide(Append& append);

    Clock clock_;
    Timestamp settled_ = Timestamp::min();  // up to here position_at has told; with the lock held
    std::shared_ptr<Log> log_;              // subscriptions may outlive the store
    memory::MemoryJournal journal_;
    HashChain chain_;
};

}  // namespace vitrine::store
