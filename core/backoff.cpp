#include "core/backoff.hpp"

#include <algorithm>
#include <random>

namespace vitrine {

using std::chrono::milliseconds;

milliseconds Backoff::bound(int failed) const {
    return std::min(first * (1 << std::clamp(failed - 1, 0, 10)), longest);
}

milliseconds Backoff::pause(int failed, std::optional<milliseconds> at_least) const {
    static thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<milliseconds::rep> jitter(0, bound(failed).count());
    return std::max(milliseconds(jitter(random)), at_least.value_or(milliseconds(0)));
}

}  // namespace vitrine
