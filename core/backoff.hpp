#pragma once

#include <chrono>
#include <optional>

namespace vitrine {

/// The pauses between attempts: random (full jitter) up to a bound that doubles from `first` to
/// `longest`, so that those who failed together do not come again together.
struct Backoff {
    std::chrono::milliseconds first{200};
    std::chrono::milliseconds longest{2000};

    /// The bound after so many failed attempts, from 1.
    std::chrono::milliseconds bound(int failed) const;
    /// A pause up to that bound; no shorter than `at_least`, which is what the other side asked
    /// for. Any thread.
    std::chrono::milliseconds pause(
        int failed, std::optional<std::chrono::milliseconds> at_least = {}
    ) const;
};

}  // namespace vitrine
