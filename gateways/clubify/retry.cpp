#include "gateways/clubify/retry.hpp"

#include <algorithm>
#include <random>

namespace vitrine::clubify {

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
    static thread_local std::minstd_rand random{std::random_device{}()};
    const auto longest =
        std::min(options_.first_pause * (1 << std::min(made_ - 1, 10)), options_.longest_pause);
    milliseconds pause(std::uniform_int_distribution<milliseconds::rep>(0, longest.count())(random)
    );
    if (error.retry_after) pause = std::max<milliseconds>(pause, *error.retry_after);
    if (now + pause >= last_begin_) return std::nullopt;
    return pause;
}

}  // namespace vitrine::clubify
