#include "gateways/rest/retry.hpp"

#include <algorithm>

namespace vitrine::rest {

using std::chrono::milliseconds;

Retry::Retry(const RetryOptions& options, const Call& call, TimePoint begin, TimePoint end)
    : options_(options),
      repeatable_(call.method == "GET"),
      last_begin_(std::min(end, begin + options.budget)) {}

std::optional<milliseconds> Retry::pause_after(const Attempt& attempt, TimePoint now) {
    if (attempt.answer || !attempt.transient) return std::nullopt;
    const CallError& error = attempt.answer.error();
    if (!repeatable_ && error.kind != CallError::Kind::not_sent) return std::nullopt;
    if (++made_ >= options_.attempts) return std::nullopt;
    const auto pause = options_.backoff.pause(made_, error.retry_after);
    if (now + pause >= last_begin_) return std::nullopt;
    return pause;
}

}  // namespace vitrine::rest
