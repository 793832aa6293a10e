#pragma once

#include <string>

namespace vitrine::api::log {

/// A line that is redrawn at the foot of the standard error when that is a terminal; else nothing.
/// The log's own lines are written above it. One at a time; any thread.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const std::string& text);
    void clear();

private:
    bool terminal_;
};

}  // namespace vitrine::api::log
