#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "store/event_store.hpp"

namespace vitrine::bench {

/// Up to `count` appends under way; when half of them are answered, as many are started anew, as an
/// I/O thread does that finds several answers in its queue.
class Callers {
public:
    Callers(store::EventStore& store, std::uint32_t count) : store_(store), count_(count) {}
    ~Callers() { wait_for(started_); }
    Callers(const Callers&) = delete;
    Callers& operator=(const Callers&) = delete;

    /// Waits until half of the callers are free, then starts `make()` for each of those.
    template <class Make>
    void start(Make make) {
        const auto least = started_ < count_ ? 0 : started_ - count_ / 2;
        const auto free = count_ - (started_ - wait_for(least));
        for (std::uint32_t i = 0; i < free; ++i) {
            ++started_;
            store_.append(make(), [this](const store::AppendResult& result) {
                if (!result) std::abort();
                if (++answered_ == wanted_) answered_.notify_one();
            });
        }
    }

    std::uint32_t finish() { return wait_for(started_); }

private:
    std::uint32_t wait_for(std::uint32_t answers) {
        wanted_ = answers;
        auto answered = answered_.load();
        while (answered < answers) {
            answered_.wait(answered);
            answered = answered_.load();
        }
        return answered;
    }

    store::EventStore& store_;
    std::uint32_t count_;
    std::uint32_t started_ = 0;
    std::atomic<std::uint32_t> answered_ = 0, wanted_ = 0;
};

}  // namespace vitrine::bench
