#include "deliveries/schedule.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace vitrine::deliveries {

Random any_random() {
    return [] {
        thread_local std::mt19937_64 source{std::random_device{}()};
        return std::uniform_real_distribution<double>(0, 1)(source);
    };
}

std::optional<Timestamp> next_attempt(
    const Schedule& schedule,
    int failed,
    Timestamp now,
    std::optional<std::chrono::seconds> asked_for,
    const Random& random
) {
    if (static_cast<std::size_t>(failed) >= schedule.size()) return std::nullopt;
    const std::chrono::microseconds bound = schedule[static_cast<std::size_t>(failed)];
    const std::chrono::microseconds pause(
        static_cast<std::int64_t>(static_cast<double>(bound.count()) * (1 + random()) / 2)
    );
    const auto least = std::clamp(
        asked_for.value_or(std::chrono::seconds(0)), std::chrono::seconds(0), longest_wait
    );
    return now + std::max<std::chrono::microseconds>(pause, least);
}

}  // namespace vitrine::deliveries
