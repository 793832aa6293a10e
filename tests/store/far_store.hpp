#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "store/event_store.hpp"
#include "store/snapshots.hpp"

namespace vitrine::store::testing {

/// The thread runs a loop that others are served by: a read that blocks it is a fault.
class Serving {
public:
    Serving() : before_(std::exchange(is_on_, true)) {}
    ~Serving() { is_on_ = before_; }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    static bool here() { return is_on_; }

private:
    static thread_local bool is_on_;
    bool before_;
};

/// A log as an engine behind a network has it: whatever it is asked for is answered 5 ms later, in
/// the order of asking. A read on a thread that is Serving throws std::logic_error.
class FarStore : public EventStore {
public:
    /// `near` outlives it.
    explicit FarStore(EventStore& near);
    ~FarStore() override;

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
    void when_settled(Timestamp time, std::move_only_function<void()> done) override;
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override;
    Journal& journal() override { return journal_; }
    StoreFigures figures() const override { return near_.figures(); }
    Snapshots* snapshots() override { return near_.snapshots() == nullptr ? nullptr : &snapshots_; }
    ReadThreads* read_threads() override { return &threads_; }

private:
    class FarJournal : public Journal {
    public:
        explicit FarJournal(FarStore& store) : store_(store) {}
        std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id) override;
        std::optional<CommandRecord> find_by_key(
            const TenantId& tenant, const std::string& idempotency_key
        ) override;
        std::vector<CommandRecord> unfinished() override;
        std::vector<CommandRecord> unfinished(const std::string& owner, Timestamp now) override;
        std::vector<CommandId> ended(
            const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
        ) override;
        std::vector<CommandRecord> list(const TenantId& tenant, const CommandFilter& filter)
            override;
        std::optional<CommandId> holder(const TenantId& tenant, const Claim& claim) override;

    private:
        FarStore& store_;
    };

    class FarSnapshots : public Snapshots {
    public:
        explicit FarSnapshots(FarStore& store) : store_(store) {}
        std::optional<Snapshot> newest(
            const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
        ) override;
        void save(
            const TenantId& tenant,
            const StreamName& stream,
            const DeciderVersion& decider,
            const Snapshot& snapshot
        ) override;
        void drop(const TenantId& tenant, const StreamName& stream) override;

    private:
        FarStore& store_;
    };

    class Threads : public ReadThreads {
    public:
        void run(std::move_only_function<void()> work) override;
        void stop() override;

    private:
        static constexpr std::size_t count = 4;
        std::mutex mutex_;
        std::deque<std::move_only_function<void()>> waiting_;
        boost::asio::thread_pool pool_{count};
    };

    /// Calls `question` on the network's thread, 5 ms from now.
    void ask(std::move_only_function<void()> question);

    /// Its answer, awaited here.
    template <class Question>
    std::invoke_result_t<Question&> answer(Question question) {
        if (Serving::here()) throw std::logic_error("a read blocks the loop");
        std::packaged_task<std::invoke_result_t<Question&>()> task(std::move(question));
        auto answer = task.get_future();
        ask([&task] { task(); });
        return answer.get();
    }

    EventStore& near_;
    FarJournal journal_{*this};
    FarSnapshots snapshots_{*this};
    std::mutex mutex_;
    std::deque<std::move_only_function<void()>> asked_;
    boost::asio::io_context network_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_ =
        boost::asio::make_work_guard(network_);
    std::thread thread_{[this] { network_.run(); }};
    Threads threads_;
};

/// An engine of the contract suite, far away.
template <class Near>
class Far {
public:
    static constexpr bool durable = Near::durable;

    EventStore& store() { return *store_; }
    void reopen() {
        store_.reset();
        near_.reopen();
        store_ = std::make_unique<FarStore>(near_.store());
    }
    void close() {
        store_.reset();
        near_.close();
    }

private:
    Near near_;
    std::unique_ptr<FarStore> store_ = std::make_unique<FarStore>(near_.store());

public:
    decltype(Near::clock)& clock = near_.clock;
};

}  // namespace vitrine::store::testing
