#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "store/event_store.hpp"

namespace vitrine::api {

/// Hears of what is appended from when it begins, on a thread of its own.
class LogWatch {
public:
    using Heard = std::function<void(const events::RecordedEvent&)>;

    LogWatch() = default;
    ~LogWatch() { end(); }
    LogWatch(const LogWatch&) = delete;
    LogWatch& operator=(const LogWatch&) = delete;

    void begin(store::EventStore& store, const store::Filter& filter, Heard heard);
    void end();

private:
    std::unique_ptr<store::Subscription> log_;
    std::thread thread_;
};

}  // namespace vitrine::api
