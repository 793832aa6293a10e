#pragma once

#include <cstdint>
#include <string>

namespace vitrine::api {

/// A bar with rate and time left on the standard error, when that is a terminal; else nothing.
class ProgressBar {
public:
    explicit ProgressBar(std::string unit = "events");

    void show(const std::string& name, std::uint64_t done, std::uint64_t total, double per_second);
    /// Takes the bar away.
    void clear();

private:
    std::string unit_;
    bool terminal_;
    bool shown_ = false;
};

}  // namespace vitrine::api
