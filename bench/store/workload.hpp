#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/uuid.hpp"
#include "events/envelope.hpp"

namespace vitrine::bench {

using SteadyClock = std::chrono::steady_clock;

inline double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// Of the whole process, all threads.
inline double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

template <class Value>
Value median(std::vector<Value> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// What is written, the same on both sides: events of 550 bytes of payload and metadata.
struct Workload {
    std::filesystem::path directory;
    double seconds = 2;
    std::size_t rounds = 3;
    UuidSource uuid = uuid_v7_source(system_clock());
    std::string metadata =
        R"({"correlation_id":"0190c1f2-aaaa-7aaa-8aaa-0123456789ab",)"
        R"("command_id":"0190c1f2-bbbb-7bbb-8bbb-0123456789ab","actor":"key:vtr_1a2b3c4d"})";
    std::string data = "{\"text\":\"" + std::string(550 - 11 - metadata.size(), 'x') + "\"}";

    std::size_t event_bytes() const { return data.size() + metadata.size(); }

    events::NewEvent event() const {
        return {
            .id = EventId(uuid()),
            .type = "OfferCreated",
            .schema = 1,
            .data = data,
            .metadata = metadata,
            .occurred_at = system_clock()(),
        };
    }
    StreamName new_stream() const { return StreamName("offer-" + uuid()); }

    std::filesystem::path fresh(const std::string& name) const {
        auto path = directory / name;
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
        return path;
    }
};

}  // namespace vitrine::bench
