#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>

namespace vitrine::rest {

struct BreakerOptions {
    int failures = 8;  // in a row, after which calls are held back
    std::chrono::milliseconds first_open{1000};
    std::chrono::milliseconds longest_open{4000};  // doubled up to here while probes fail
};

/// Holds a tenant's calls back while the peer fails it.
///
/// Operation: closed until so many requests in a row failed; then open for a while; then half-open:
/// one request goes as a probe, whose outcome closes it or opens it again, for longer. What
/// succeeds closes it at any time. Concurrency: all on one loop.
class Breaker : public std::enable_shared_from_this<Breaker> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class State { closed, open, half_open };

    /// Lets one request go. Without a word about its outcome, a probe leaves the place to the next.
    class Pass {
    public:
        Pass(std::shared_ptr<Breaker> breaker, bool probe)
            : breaker_(std::move(breaker)), probe_(probe) {}
        Pass(Pass&&) noexcept = default;
        Pass& operator=(Pass&&) = delete;
        ~Pass();

        void succeeded();
        void failed(TimePoint now);

    private:
        std::shared_ptr<Breaker> breaker_;
        bool probe_;
    };

    explicit Breaker(BreakerOptions options) : options_(options) {}

    /// The error: how long to wait before asking again.
    std::expected<Pass, std::chrono::milliseconds> enter(TimePoint now);

    State state(TimePoint now) const;
    std::uint64_t opened() const { return opened_; }  // times

private:
    void open(TimePoint now);

    BreakerOptions options_;
    int failures_ = 0;                       // in a row
    std::chrono::milliseconds open_for_{0};  // 0: closed
    TimePoint open_until_{};
    bool probing_ = false;
    std::uint64_t opened_ = 0;
};

}  // namespace vitrine::rest
