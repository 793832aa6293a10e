#include "tests/store/far_store.hpp"

#include <boost/asio/post.hpp>
#include <memory>

namespace vitrine::store::testing {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds latency{5};

}  // namespace

thread_local bool Serving::is_on_ = false;

FarStore::FarStore(EventStore& near) : near_(near) {}

FarStore::~FarStore() {
    threads_.stop();
    open_.reset();  // what is on its way is answered
    thread_.join();
}

void FarStore::ask(std::move_only_function<void()> question) {
    const std::scoped_lock lock(mutex_);
    asked_.push_back(std::move(question));
    auto timer = std::make_shared<asio::steady_timer>(network_, latency);
    timer->async_wait([this, timer](boost::system::error_code) {
        std::unique_lock first(mutex_);
        auto next = std::move(asked_.front());
        asked_.pop_front();
        first.unlock();
        next();
    });
}

void FarStore::append(Append append, AppendDone done) {
    ask([this, append = std::move(append), done = std::move(done)]() mutable {
        near_.append(std::move(append), std::move(done));
    });
}

std::vector<RecordedEvent> FarStore::read_stream(
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    std::size_t limit,
    Direction direction
) {
    return answer([&] { return near_.read_stream(tenant, stream, from, limit, direction); });
}

Version FarStore::stream_version(const TenantId& tenant, const StreamName& stream) {
    return answer([&] { return near_.stream_version(tenant, stream); });
}

void FarStore::read_all_into(
    std::vector<RecordedEvent>& events,
    Position from,
    const Filter& filter,
    std::size_t limit,
    Direction direction,
    Detail detail
) {
    answer([&] { near_.read_all_into(events, from, filter, limit, direction, detail); });
}

Position FarStore::head() {
    return answer([&] { return near_.head(); });
}

Position FarStore::position_at(Timestamp time) {
    return answer([&] { return near_.position_at(time); });
}

void FarStore::when_settled(Timestamp time, std::move_only_function<void()> done) {
    ask([this, time, done = std::move(done)]() mutable {
        near_.when_settled(time, std::move(done));
    });
}

std::unique_ptr<Subscription> FarStore::subscribe(Position after, Filter filter) {
    return answer([&] { return near_.subscribe(after, std::move(filter)); });
}

std::optional<CommandRecord> FarStore::FarJournal::find(
    const TenantId& tenant, const CommandId& id
) {
    return store_.answer([&] { return store_.near_.journal().find(tenant, id); });
}

std::optional<CommandRecord> FarStore::FarJournal::find_by_key(
    const TenantId& tenant, const std::string& idempotency_key
) {
    return store_.answer([&] { return store_.near_.journal().find_by_key(tenant, idempotency_key); }
    );
}

std::vector<CommandRecord> FarStore::FarJournal::unfinished() {
    return store_.answer([&] { return store_.near_.journal().unfinished(); });
}

std::vector<CommandRecord> FarStore::FarJournal::unfinished(
    const std::string& owner, Timestamp now
) {
    return store_.answer([&] { return store_.near_.journal().unfinished(owner, now); });
}

std::vector<CommandId> FarStore::FarJournal::ended(
    const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
) {
    return store_.answer([&] { return store_.near_.journal().ended(tenant, before, after, limit); }
    );
}

std::vector<CommandRecord> FarStore::FarJournal::list(
    const TenantId& tenant, const CommandFilter& filter
) {
    return store_.answer([&] { return store_.near_.journal().list(tenant, filter); });
}

std::optional<CommandId> FarStore::FarJournal::holder(const TenantId& tenant, const Claim& claim) {
    return store_.answer([&] { return store_.near_.journal().holder(tenant, claim); });
}

std::optional<Snapshot> FarStore::FarSnapshots::newest(
    const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
) {
    return store_.answer([&] { return store_.near_.snapshots()->newest(tenant, stream, decider); });
}

void FarStore::FarSnapshots::save(
    const TenantId& tenant,
    const StreamName& stream,
    const DeciderVersion& decider,
    const Snapshot& snapshot
) {
    store_.answer([&] { store_.near_.snapshots()->save(tenant, stream, decider, snapshot); });
}

void FarStore::FarSnapshots::drop(const TenantId& tenant, const StreamName& stream) {
    store_.answer([&] { store_.near_.snapshots()->drop(tenant, stream); });
}

void FarStore::Threads::run(std::move_only_function<void()> work) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    asio::post(pool_, [this] {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) return;  // stopped
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        next();
    });
}

void FarStore::Threads::stop() {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.clear();
    }
    pool_.join();
}

}  // namespace vitrine::store::testing
