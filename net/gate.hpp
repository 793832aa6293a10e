#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>

namespace vitrine::net {

/// Lets at most so many in at once; the others wait in line, each until its own end.
///
/// Concurrency: all on one loop.
class Gate : public std::enable_shared_from_this<Gate> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// A place inside, given back on destruction. Empty: none was to be had in time.
    class Permit {
    public:
        Permit() = default;
        explicit Permit(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
        Permit(Permit&&) noexcept = default;
        Permit& operator=(Permit&& other) noexcept {
            std::swap(gate_, other.gate_);
            return *this;
        }
        ~Permit() {
            if (gate_) gate_->leave();
        }
        explicit operator bool() const { return gate_ != nullptr; }

    private:
        std::shared_ptr<Gate> gate_;
    };

    explicit Gate(std::size_t limit) : free_(limit) {}

    /// Without waiting.
    Permit try_enter();
    /// An empty permit when `end` has come or the line was sent away.
    boost::asio::awaitable<Permit> enter(TimePoint end);
    std::size_t waiting() const { return line_.size(); }
    /// Those who wait get nothing.
    void send_away();

private:
    struct Waiter;
    void leave();

    std::size_t free_;
    std::list<Waiter*> line_;
};

}  // namespace vitrine::net
