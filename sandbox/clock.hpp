#pragma once

#include <optional>

#include "core/time.hpp"

namespace vitrine::sandbox {

/// The platform's time: that of the machine until it is set, then the time it was set to, standing
/// still.
class SandboxClock {
public:
    explicit SandboxClock(std::optional<Timestamp> fixed) : fixed_(fixed) {}

    Timestamp now() const { return fixed_ ? *fixed_ : machine_(); }
    void set(Timestamp time) { fixed_ = time; }

private:
    std::optional<Timestamp> fixed_;
    Clock machine_ = system_clock();
};

}  // namespace vitrine::sandbox
