#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "net/timekeeper.hpp"
#include "processes/draft.hpp"
#include "processes/due_timers.hpp"
#include "processes/runner.hpp"
#include "processes/taker.hpp"

namespace vitrine::processes {

/// Keeps one appointment, for the earliest timer of all processes, and fires those that are due, in
/// the order of their times.
///
/// Concurrency: one loop. Errors: where the read model cannot be read it is told, and tried again
/// when the next timer is set.
class Firing : public std::enable_shared_from_this<Firing> {
public:
    using Take = std::function<boost::asio::awaitable<Taken>(ProcessName process, Input input)>;
    /// What is thrown on the loop ends up there.
    using Failed = std::function<void(const std::exception_ptr&)>;

    Firing(const RunnerParts& parts, Take take, Failed failed)
        : parts_(parts), take_(std::move(take)), failed_(std::move(failed)), timers_(parts.open) {}

    /// Until then nothing fires, and what is set is kept in mind.
    void begin();
    void stop();

    /// A draft was appended, its first event at `first`: timers that it sets, cancels, fires.
    void appended(const ProcessName& process, const Draft& draft, Position first);

    /// Something is due, or fires.
    bool is_active() const;

    /// Timers that stand still until the next start.
    std::size_t stuck() const { return stuck_; }

private:
    using Self = std::shared_ptr<Firing>;
    static boost::asio::awaitable<void> fire_due(Self self);
    static boost::asio::awaitable<void> fire(Self self, TimerRow row);
    void set(TimerRow row, Position at);
    void appoint();
    void appoint_at(Timestamp due);
    void fire_again();

    RunnerParts parts_;
    Take take_;
    Failed failed_;
    DueTimers timers_;
    net::Appointment next_;
    std::optional<Timestamp> appointed_;
    std::size_t stuck_ = 0;
    bool has_begun_ = false;
    bool is_firing_ = false;
    bool is_asked_ = false;
    bool has_stopped_ = false;
};

}  // namespace vitrine::processes
