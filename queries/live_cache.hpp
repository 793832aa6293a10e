#pragma once

// For LiveMetrics: answers of the platform, kept for a while; one call for equal questions.

#include <chrono>
#include <expected>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/async.hpp"
#include "core/time.hpp"
#include "gateways/clubify/call.hpp"

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

/// Bounded, least recently used first out. Every member runs on the main loop.
template <class T>
class LiveCache {
public:
    LiveCache(std::size_t limit, Clock clock) : limit_(limit), clock_(std::move(clock)) {}

    /// Answers from an entry not older than `fresh`; otherwise calls `fetch()` unless a call for
    /// this key is under way, and answers when `finish` comes.
    template <class Fetch>
    void look(
        const std::string& key,
        std::chrono::milliseconds fresh,
        Completion<Looked<T>> done,
        Fetch fetch
    ) {
        auto& entry = touch(key);
        if (entry.value && age(entry) <= fresh) {
            done({entry.value, entry.asked_at, true, std::nullopt});
            return;
        }
        entry.waiting.push_back(std::move(done));
        if (entry.waiting.size() == 1) fetch();
    }

    void finish(const std::string& key, std::expected<T, clubify::CallError> result) {
        auto& entry = touch(key);
        Looked<T> looked;
        if (result) {
            entry.value = std::move(*result);
            entry.asked_at = clock_();
        } else {
            looked.error = std::move(result.error());
        }
        looked.value = entry.value;
        looked.asked_at = entry.asked_at;
        looked.from_cache = looked.error.has_value();
        auto waiting = std::exchange(entry.waiting, {});
        evict();
        for (auto& done : waiting) done(looked);
    }

    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::optional<T> value;
        Timestamp asked_at;
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

    /// Entries that someone waits for stay.
    void evict() {
        for (auto oldest = order_.begin(); entries_.size() > limit_ && oldest != order_.end();) {
            const auto found = entries_.find(*oldest);
            if (!found->second.waiting.empty()) {
                ++oldest;
                continue;
            }
            entries_.erase(found);
            oldest = order_.erase(oldest);
        }
    }

    std::chrono::microseconds age(const Entry& entry) const {
        const auto age = clock_() - entry.asked_at;
        // A clock that was set back makes an entry old, not young for ever.
        return age.count() < 0 ? std::chrono::microseconds::max() : age;
    }

    std::size_t limit_;
    Clock clock_;
    std::unordered_map<std::string, Entry> entries_;
    std::list<std::string> order_;
};

}  // namespace vitrine::queries
