#include "api/http/key_limits.hpp"

#include <algorithm>

namespace vitrine::api {

KeyLimits::Verdict KeyLimits::take(std::string_view key, TimePoint now) {
    const std::scoped_lock lock(mutex_);
    auto found = windows_.find(key);
    if (found == windows_.end()) found = windows_.try_emplace(std::string(key)).first;
    auto& window = found->second;
    if (now >= window.end) window = {now + limit_.window, 0};
    Verdict verdict;
    verdict.allowed = window.used < limit_.requests;
    if (verdict.allowed) ++window.used;
    verdict.remaining = limit_.requests - window.used;
    verdict.reset = std::chrono::ceil<std::chrono::seconds>(window.end - now);
    return verdict;
}

}  // namespace vitrine::api
