#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/event_store.hpp"
#include "store/memory/memory_event_store.hpp"
#include "store/sqlite/sqlite_event_store.hpp"
#include "tests/store/far_store.hpp"

namespace vitrine::store::testing {

/// A fresh folder that goes with the test.
class TemporaryFolder {
public:
    explicit TemporaryFolder(
        const std::filesystem::path& in = std::filesystem::temp_directory_path()
    );
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Counts down from any thread; may go as soon as wait has returned.
class Countdown {
public:
    explicit Countdown(std::size_t count) : count_(count) {}
    void count_down() {
        const std::scoped_lock lock(mutex_);
        if (--count_ == 0) zero_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        zero_.wait(lock, [this] { return count_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable zero_;
    std::size_t count_;
};

/// A clock that stands where it is put.
struct ManualClock {
    std::shared_ptr<std::atomic<std::int64_t>> micros =
        std::make_shared<std::atomic<std::int64_t>>(1'700'000'000'000'000);
    Timestamp now() const { return Timestamp(std::chrono::microseconds(micros->load())); }
    void advance(std::chrono::microseconds by) { *micros += by.count(); }
    Clock clock() const {
        return [m = micros] { return Timestamp(std::chrono::microseconds(m->load())); };
    }
};

/// What the contract suite runs against: an engine makes a store, and makes it again on what the
/// one before it left.
class SqliteEngine {
public:
    static constexpr bool durable = true;

    explicit SqliteEngine(StoreOptions options = {}) : options_(std::move(options)) {
        options_.clock = clock.clock();
        store_ = open_event_store(folder.path(), options_);
    }
    EventStore& store() { return *store_; }
    void reopen() {
        store_.reset();
        store_ = open_event_store(folder.path(), options_);
    }
    void close() { store_.reset(); }

    ManualClock clock;
    TemporaryFolder folder;

private:
    StoreOptions options_;
    std::unique_ptr<EventStore> store_;
};

class MemoryEngine {
public:
    static constexpr bool durable = false;

    EventStore& store() { return *store_; }
    void reopen() {}
    void close() { store_.reset(); }

    ManualClock clock;

private:
    std::unique_ptr<EventStore> store_ = std::make_unique<MemoryEventStore>(clock.clock());
};

// Engines under the contract suite.
#define VITRINE_ENGINES                                                           \
    vitrine::store::testing::SqliteEngine, vitrine::store::testing::MemoryEngine, \
        vitrine::store::testing::Far<vitrine::store::testing::MemoryEngine>

inline const TenantId acme("acme");
inline const TenantId other_tenant("globex");

/// A new id each time.
std::string fresh_id();

NewEvent event_of(std::string type, std::string data = R"({"n":1})");
std::vector<NewEvent> events_of(std::string type, std::size_t count);

Append append_to(
    const TenantId& tenant,
    const std::string& stream,
    ExpectedVersion expected,
    std::vector<NewEvent> events
);
Append journal_only(JournalWrite write);

/// Appends and waits for the answer.
AppendResult append(EventStore& store, Append append);
AppendResult append(
    EventStore& store,
    const std::string& stream,
    ExpectedVersion expected,
    std::vector<NewEvent> events
);

std::vector<RecordedEvent> all(EventStore& store);
std::vector<Position> positions_of(const std::vector<RecordedEvent>& events);

CommandHead head_of(const std::string& command, std::optional<std::string> key = std::nullopt);
Accept accept_of(CommandHead head, std::vector<Claim> claims = {}, Lease lease = {});
Conclude conclude_of(CommandHead head, CommandState state = CommandState::done);

}  // namespace vitrine::store::testing
