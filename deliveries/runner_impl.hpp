#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>

#include "deliveries/follower.hpp"
#include "deliveries/lane.hpp"
#include "deliveries/progress.hpp"
#include "deliveries/progress_reader.hpp"
#include "deliveries/runner.hpp"
#include "store/read.hpp"

// For the .cpp files of the runner.
namespace vitrine::deliveries {

class Runner::Impl : public std::enable_shared_from_this<Runner::Impl> {
public:
    Impl(Parts parts, Options options);

    void set(std::shared_ptr<Receiver> receiver);
    void remove(const ReceiverName& name);
    void start();
    void stop();
    void drain(std::chrono::milliseconds patience, std::move_only_function<void()> done);

    /// What an operator decides is carried out here: see runner_operations.cpp.
    asio::awaitable<std::expected<Retried, Refused>> retry(
        ReceiverName name, std::optional<EventId> event
    );
    asio::awaitable<std::expected<std::uint64_t, Refused>> dismiss(
        ReceiverName name, std::optional<EventId> event
    );
    asio::awaitable<std::expected<Replay, Refused>> replay(
        ReceiverName name, Position from, std::optional<Position> to
    );
    asio::awaitable<std::expected<void, Refused>> pause(ReceiverName name, bool paused);

    std::vector<ReceiverStatus> status(const std::optional<TenantId>& tenant) const;
    ProgressReader& reader() { return reader_; }

private:
    using SharedEvent = store::SharedEvent;

    /// A receiver's lane, and what waits for it.
    struct Line {
        Line(std::shared_ptr<Receiver> receiver, Queue::Limits limits)
            : lane(std::move(receiver), limits) {}
        Lane lane;
        bool removed = false;
        bool stands_in_line = false;
        bool is_concerned = false;  // by the events that are being looked at
        std::optional<Timestamp> wakes_at;
        net::Appointment wake;
    };
    using SharedLine = std::shared_ptr<Line>;

    // runner.cpp
    asio::awaitable<void> begin(std::shared_ptr<Impl> self);
    void follow(std::unique_ptr<store::Subscription> coming);
    void forget(const ReceiverName& name);
    void open(const SharedLine& line);
    asio::awaitable<void> open_line(std::shared_ptr<Impl> self, SharedLine line);
    void take_new(const std::vector<SharedEvent>& events, Position up_to);
    void feed(const SharedLine& line);
    asio::awaitable<void> read(std::shared_ptr<Impl> self, SharedLine line, Reading reading);
    void stand_in_line(const SharedLine& line);
    void pump();
    void wait_for_due(const SharedLine& line);
    void go_on(const SharedLine& line);
    bool has_seen_all();
    asio::awaitable<void> look_at_head(std::shared_ptr<Impl> self);
    std::optional<std::string> what_is_under_way();

    // runner_attempts.cpp
    bool start_one(const SharedLine& line, bool failing);
    asio::awaitable<void> attempt(
        std::shared_ptr<Impl> self, SharedLine line, Position position, bool failing
    );
    asio::awaitable<SharedEvent> event_at(SharedLine line, Position position);
    void settle(
        const SharedLine& line, Position position, const SharedEvent& event, const Answer& answer
    );

    // runner_saving.cpp
    void wake_saver();
    asio::awaitable<void> save(std::shared_ptr<Impl> self);
    Batch gather();
    asio::awaitable<void> write(std::shared_ptr<const Batch> batch);

    // runner_operations.cpp
    SharedLine find(const ReceiverName& name) const;

    /// Runs it on the thread of files, and goes on on the loop.
    template <class Job>
    asio::awaitable<std::invoke_result_t<Job>> on_disk(Job job) {
        co_return co_await asio::co_spawn(
            disk_.get_executor(),
            [](Job run) -> asio::awaitable<std::invoke_result_t<Job>> {
                co_return run();
            }(std::move(job)),
            asio::use_awaitable
        );
    }
    /// Reads the log: on one of the engine's threads, where that takes long; else on the thread of
    /// files, since a page is more than a loop should wait for.
    template <class Job>
    asio::awaitable<std::invoke_result_t<Job&>> of_log(Job job) {
        if (parts_.store.read_threads() == nullptr) co_return co_await on_disk(std::move(job));
        co_return co_await store::read(parts_.store, std::move(job));
    }
    void tell_fault(const std::string& what);

    Parts parts_;
    Options options_;
    std::unique_ptr<Progress> progress_;  // on the thread of files
    ProgressReader reader_;

    mutable std::mutex mutex_;  // of what follows; only the loop changes it
    std::map<ReceiverName, SharedLine> lines_;
    std::unordered_map<TenantId, std::vector<SharedLine>> of_tenant_;
    Position end_ = 0;  // of the log, as far as it was offered to those who keep up
    std::vector<Note> notes_;

    // On the loop:
    std::deque<SharedLine> in_line_;  // who may have something to send, each to take one turn
    std::deque<SharedLine> failing_in_line_;  // these take half of the attempts at most
    std::size_t under_way_ = 0;
    std::size_t failing_under_way_ = 0;
    std::size_t working_ = 0;  // reads and writes of files
    bool saving_ = false;
    bool is_open_ = false;  // its file is
    Position head_ = 0;     // of the log of an engine that takes long, as it was read last
    bool looking_at_head_ = false;
    bool draining_ = false;
    bool stopped_ = false;
    std::move_only_function<void()> drained_;
    asio::steady_timer save_timer_;
    asio::steady_timer drain_timer_;
    net::Watching watching_;
    asio::thread_pool disk_{1};
    std::unique_ptr<Follower> follower_;
};

}  // namespace vitrine::deliveries
