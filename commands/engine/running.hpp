#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "commands/engine/execution.hpp"
#include "commands/engine/notice.hpp"
#include "commands/engine/request.hpp"
#include "commands/engine/turns.hpp"

namespace vitrine::commands {

/// Where a client waits for its command.
struct Pending {
    explicit Pending(const boost::asio::any_io_executor& loop) : timer(loop) {}
    boost::asio::steady_timer timer;
    std::optional<CommandReply> reply;
    bool is_left = false;  // nobody waits for its end (any more)
    bool is_over = false;  // no reply will come
};

/// The commands that have been accepted and have not ended: each is worked on by itself and gives
/// its turn back at its end. Concurrency: one loop.
class Running : public std::enable_shared_from_this<Running> {
public:
    Running(
        boost::asio::any_io_executor loop,
        Execution execution,
        std::shared_ptr<Leases> leases,
        Notify notify
    )
        : loop_(std::move(loop)),
          execution_(std::move(execution)),
          leases_(std::move(leases)),
          notify_(std::move(notify)) {}

    /// Begins to work on it.
    std::shared_ptr<Pending> start(Job job, Turns::Turn turn) {
        return start_in_turn(std::move(job), std::move(turn), {});
    }

    /// Begins to work on it as soon as `turn` has come.
    using TurnToCome = boost::asio::awaitable<Turns::Turn>;
    std::shared_ptr<Pending> start_after(Job job, TurnToCome turn) {
        return start_in_turn(std::move(job), std::nullopt, std::move(turn));
    }

    /// Waits for the end of the command, but not beyond the deadline of an answer: 202.
    static boost::asio::awaitable<CommandReply> outcome_of(
        std::shared_ptr<Pending> pending,
        CommandId id,
        std::chrono::steady_clock::time_point answer_by
    );

    std::size_t count() const { return count_; }

    /// `done` is called when there is none, or after `limit`.
    void drain(std::chrono::milliseconds limit, std::function<void()> done);

private:
    std::shared_ptr<Pending> start_in_turn(
        Job job, std::optional<Turns::Turn> turn, std::optional<TurnToCome> to_come
    );
    boost::asio::awaitable<void> work(
        std::shared_ptr<Job> job,
        std::shared_ptr<Pending> pending,
        std::optional<Turns::Turn> turn,
        std::optional<TurnToCome> to_come
    );
    void stopped(const store::CommandName& name, Notice notice, const std::exception_ptr& error);
    void finished();

    boost::asio::any_io_executor loop_;
    Execution execution_;
    std::shared_ptr<Leases> leases_;
    Notify notify_;
    std::size_t count_ = 0;
    std::function<void()> drained_;
};

}  // namespace vitrine::commands
