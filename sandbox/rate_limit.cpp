#include "sandbox/rate_limit.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine::sandbox {
namespace {

constexpr std::size_t most_counts = 100'000;

std::optional<std::int64_t> positive(std::string_view text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || value < 1 || value > RateLimit::unlimited) {
        return std::nullopt;
    }
    return value;
}

std::int64_t unix_seconds(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::optional<RateRule> parse_rate_rule(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto requests = positive(text.substr(0, slash));
    const auto seconds = positive(text.substr(slash + 1));
    if (!requests || !seconds) return std::nullopt;
    return RateRule{*requests, std::chrono::seconds(*seconds)};
}

RateLimit::Verdict RateLimit::take(
    std::string_view who, std::chrono::steady_clock::time_point machine, Timestamp sandbox
) {
    if (!rule_) {
        Verdict verdict;
        verdict.reset = unix_seconds(sandbox) + 60;
        return verdict;
    }
    auto found = counts_.find(who);
    if (found == counts_.end()) {
        if (counts_.size() >= most_counts) counts_.clear();
        found = counts_.emplace(who, Count{machine, sandbox, 0}).first;
    }
    auto& count = found->second;
    const auto elapsed = std::max<std::chrono::nanoseconds>(
        machine - count.machine_start, sandbox - count.sandbox_start
    );
    if (elapsed >= rule_->window) count = Count{machine, sandbox, 0};
    const auto left =
        count.used == 0
            ? std::chrono::nanoseconds(rule_->window)
            : rule_->window - std::min<std::chrono::nanoseconds>(elapsed, rule_->window);
    Verdict verdict;
    verdict.limit = rule_->requests;
    verdict.allowed = count.used < rule_->requests;
    if (verdict.allowed) ++count.used;
    verdict.remaining = rule_->requests - count.used;
    verdict.retry_after =
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(left).count());
    verdict.reset =
        std::chrono::ceil<std::chrono::seconds>(sandbox + left).time_since_epoch().count();
    return verdict;
}

}  // namespace vitrine::sandbox
