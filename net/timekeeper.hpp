#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "core/time.hpp"

namespace vitrine::net {

/// What stands until its handle goes. May outlive its keeper.
///
/// Concurrency: on the keeper's loop.
class [[nodiscard]] Standing {
public:
    Standing() = default;
    explicit Standing(std::move_only_function<void()> end) : end_(std::move(end)) {}
    Standing(Standing&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
    Standing& operator=(Standing&& other) noexcept {
        end();
        end_ = std::exchange(other.end_, nullptr);
        return *this;
    }
    ~Standing() { end(); }

    void end() noexcept {
        if (auto end = std::exchange(end_, nullptr)) end();
    }
    /// True also when an appointment was kept: it says that `end` was not called.
    explicit operator bool() const { return static_cast<bool>(end_); }

private:
    std::move_only_function<void()> end_;
};

using Appointment = Standing;
using Watching = Standing;

/// The service's time, and who waits for a moment of it. What is stored as a due time is waited for
/// here; deadlines, breakers, rate limits and pauses within a call are not: they use monotonic
/// time.
///
/// Concurrency: now() from any thread, the rest on the loop.
class Timekeeper {
public:
    using Wake = std::move_only_function<void()>;
    /// What of a part is under way and follows from the time ("process offer-schedule 0190…");
    /// nullopt: nothing.
    using UnderWay = std::function<std::optional<std::string>()>;

    virtual ~Timekeeper() = default;

    virtual Timestamp now() const = 0;

    /// Calls `wake` once, at or after `due`; soon, but not from here, if that is past. In order of
    /// time, and of one time in the order made.
    virtual Appointment at(Timestamp due, Wake wake) = 0;

    /// A test clock asks before it goes on, and waits while there is an answer. Called often: it
    /// looks and does not work.
    virtual Watching watch(UnderWay under_way) = 0;

    /// Its time, for who only reads it. The keeper outlives it.
    Clock clock() const {
        return [this] { return now(); };
    }
};

}  // namespace vitrine::net
