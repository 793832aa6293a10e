#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {

/// "N/SECONDS"
struct RateRule {
    std::int64_t requests{};
    std::chrono::seconds window{};
};
std::optional<RateRule> parse_rate_rule(std::string_view text);

/// Counts requests of each tenant in fixed windows. A window ends when its time is over by the
/// machine's clock, as clients wait for that, or by the sandbox's, which may stand still or be
/// moved.
class RateLimit {
public:
    static constexpr std::int64_t unlimited = 1'000'000'000;

    struct Verdict {
        bool allowed = true;
        std::int64_t limit = unlimited;
        std::int64_t remaining = unlimited;
        std::int64_t reset{};        // unix seconds
        std::int64_t retry_after{};  // seconds, at least 1
    };

    explicit RateLimit(std::optional<RateRule> rule) : rule_(rule) {}

    Verdict take(
        std::string_view who, std::chrono::steady_clock::time_point machine, Timestamp sandbox
    );

private:
    struct Count {
        std::chrono::steady_clock::time_point machine_start;
        Timestamp sandbox_start;
        std::int64_t used{};
    };

    std::optional<RateRule> rule_;
    TextMap<Count> counts_;
};

}  // namespace vitrine::sandbox
