#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "core/time.hpp"

namespace vitrine::deliveries {

/// The pauses before the attempts, the first one's included: as many attempts as there are pauses.
using Schedule = std::vector<std::chrono::seconds>;

/// A number from 0 to below 1, each as likely.
using Random = std::function<double()>;

Random any_random();

/// No receiver is waited for longer, whatever it asks for.
constexpr std::chrono::seconds longest_wait = std::chrono::hours(24);

/// When the next attempt after so many failed ones is due: by chance after half of the schedule's
/// pause up to all of it, so that those who failed together do not come again together, and yet a
/// schedule is never over before half of its time; and no earlier than what the receiver asked for.
/// nullopt: the last one has been made.
std::optional<Timestamp> next_attempt(
    const Schedule& schedule,
    int failed,
    Timestamp now,
    std::optional<std::chrono::seconds> asked_for,
    const Random& random
);

}  // namespace vitrine::deliveries
