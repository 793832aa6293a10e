#pragma once

#include <chrono>
#include <optional>

#include "core/backoff.hpp"
#include "gateways/rest/call.hpp"

namespace vitrine::rest {

struct RetryOptions {
    int attempts = 3;  // in all
    Backoff backoff{std::chrono::milliseconds(200), std::chrono::milliseconds(2000)};
    std::chrono::milliseconds budget{5000};  // no attempt begins later than so long after the first
};

/// What one attempt at a call came to.
struct Attempt {
    Result<Answer> answer;
    bool transient = false;  // another attempt may well succeed
};

/// The pauses between the attempts at one call.
///
/// Repeats only what is safe: a GET, and what provably never left. A pause is random up to a bound
/// that doubles, but no shorter than the peer's Retry-After; one that would not leave time
/// within the budget and the call's deadline is not made.
class Retry {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Retry(const RetryOptions& options, const Call& call, TimePoint begin, TimePoint end);

    /// nullopt: the attempt was the last.
    std::optional<std::chrono::milliseconds> pause_after(const Attempt& attempt, TimePoint now);

private:
    RetryOptions options_;
    bool repeatable_;  // by its method
    TimePoint last_begin_;
    int made_ = 0;
};

}  // namespace vitrine::rest
