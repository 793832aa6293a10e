#pragma once

#include <chrono>
#include <string>

#include "api/cli/progress_bar.hpp"

namespace vitrine::api {

/// A progress bar that measures the rate since it was made, and is drawn ten times a second at
/// most.
class RatedProgress {
public:
    RatedProgress(std::string name, std::string unit)
        : name_(std::move(name)), bar_(std::move(unit)) {}

    ~RatedProgress() { bar_.clear(); }
    RatedProgress(const RatedProgress&) = delete;
    RatedProgress& operator=(const RatedProgress&) = delete;

    void show(std::uint64_t done, std::uint64_t total) {
        const auto now = Clock::now();
        if (now - drawn_ < std::chrono::milliseconds(100)) return;
        drawn_ = now;
        const std::chrono::duration<double> took = now - started_;
        bar_.show(name_, done, total, static_cast<double>(done) / took.count());
    }
    void clear() { bar_.clear(); }

private:
    using Clock = std::chrono::steady_clock;
    std::string name_;
    ProgressBar bar_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point drawn_ = started_;
};

}  // namespace vitrine::api
