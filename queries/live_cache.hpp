#pragma once

// For LiveMetrics: answers of the platform, kept for a while; one call for equal questions.

#include <chrono>
#include <cstdint>
#include <expected>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/async.hpp"
#include "core/time.hpp"
#include "gateways/clubify/call.hpp"
#include "queries/cache_figures.hpp"

namespace vitrine::queries {

/// What a look-up found. `value` and `asked_at` are of the last good answer; `error` says why there
/// is no newer one.
template <class T>
struct Looked {
    std::optional<T> value;
    Timestamp asked_at;
    bool from_cache = false;
    std::optional<clubify::CallError> error;
};

/// How long what is kept is used without asking.
struct Freshness {
    std::chrono::milliseconds soft;    // older: still used, while it is asked for anew
    std::chrono::milliseconds hard;    // older: waits for the platform
    std::chrono::milliseconds failed;  // so long a failure is not tried again
};

/// Bounded, least recently used first out. Every member runs on the main loop.
template <class T>
class LiveCache {
public:
    LiveCache(std::size_t limit, Clock clock) : limit_(limit), clock_(std::move(clock)) {}

    /// Answers from what is kept as far as `keep` allows, else when `finish` comes. Calls `fetch()`
    /// when the platform is to be asked, unless a call for this key is under way.
    template <class Fetch>
    void look(
        const std::string& key, const Freshness& keep, Completion<Looked<T>> done, Fetch fetch
    ) {
        auto& entry = touch(key);
        const bool usable = entry.value && since(entry.asked_at) <= keep.hard;
        const bool failed = entry.error && since(entry.failed_at) < keep.failed;
        const bool ask = !failed && !(usable && since(entry.asked_at) <= keep.soft);
        ++(usable || failed ? hits_ : misses_);
        if (usable) {
            done({entry.value, entry.asked_at, true, std::nullopt});
        } else if (failed) {
            done({entry.value, entry.asked_at, true, entry.error});
        } else {
            entry.waiting.push_back(std::move(done));
        }
        if (!ask || entry.asking) return;
        entry.asking = true;
        fetch();
    }

    void finish(const std::string& key, std::expected<T, clubify::CallError> result) {
        auto& entry = touch(key);
        entry.asking = false;
        entry.error.reset();
        if (result) {
            entry.value = std::move(*result);
            entry.asked_at = clock_();
        } else {
            entry.error = std::move(result.error());
            entry.failed_at = clock_();
        }
        const Looked<T> looked{entry.value, entry.asked_at, entry.error.has_value(), entry.error};
        auto waiting = std::exchange(entry.waiting, {});
        evict();
        for (auto& done : waiting) done(looked);
    }

    std::size_t size() const { return entries_.size(); }
    CacheFigures figures(std::string_view name) const {
        return {name, entries_.size(), hits_, misses_, evicted_};
    }

private:
    struct Entry {
        std::optional<T> value;
        Timestamp asked_at;
        std::optional<clubify::CallError> error;  // of the last call, if it failed
        Timestamp failed_at;
        bool asking = false;
        std::vector<Completion<Looked<T>>> waiting;
        std::list<std::string>::iterator place;
    };

    Entry& touch(const std::string& key) {
        const auto [found, fresh] = entries_.try_emplace(key);
        auto& entry = found->second;
        if (fresh) {
            entry.place = order_.insert(order_.end(), key);
        } else {
            order_.splice(order_.end(), order_, entry.place);
        }
        return entry;
    }

    /// Entries that are asked for stay.
    void evict() {
        for (auto oldest = order_.begin(); entries_.size() > limit_ && oldest != order_.end();) {
            const auto found = entries_.find(*oldest);
            if (found->second.asking) {
                ++oldest;
                continue;
            }
            entries_.erase(found);
            ++evicted_;
            oldest = order_.erase(oldest);
        }
    }

    std::chrono::microseconds since(Timestamp then) const {
        const auto age = clock_() - then;
        // A clock that was set back makes what is kept old, not young for ever.
        return age.count() < 0 ? std::chrono::microseconds::max() : age;
    }

    std::size_t limit_;
    Clock clock_;
    std::unordered_map<std::string, Entry> entries_;
    std::list<std::string> order_;
    std::uint64_t hits_ = 0, misses_ = 0, evicted_ = 0;
};

}  // namespace vitrine::queries
