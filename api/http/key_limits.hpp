#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace vitrine::api {

/// So many requests of one API key in each window of so many seconds.
struct KeyLimit {
    std::uint64_t requests = 0;
    std::chrono::seconds window{1};
    bool operator==(const KeyLimit&) const = default;
};

/// Counts the requests of each key.
///
/// Operation: a key's window begins with its first request after the one before has ended.
/// Concurrency: any thread.
class KeyLimits {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit KeyLimits(KeyLimit limit) : limit_(limit) {}

    struct Verdict {
        bool allowed = true;
        std::uint64_t remaining = 0;    // in this window, after this request
        std::chrono::seconds reset{0};  // until the next one, rounded up
    };
    Verdict take(std::string_view key, TimePoint now);

    const KeyLimit& limit() const { return limit_; }

private:
    struct Window {
        TimePoint end;
        std::uint64_t used = 0;
    };

    KeyLimit limit_;
    std::mutex mutex_;
    std::map<std::string, Window, std::less<>> windows_;  // as many as there are valid keys
};

}  // namespace vitrine::api
