#pragma once

#include <compare>
#include <string>

#include "core/ids.hpp"

namespace vitrine::processes {

/// One process: its stream is <category of the kind>-<id>.
struct ProcessName {
    TenantId tenant;
    std::string kind;  // "offer-schedule"
    std::string id;
    auto operator<=>(const ProcessName&) const = default;
};

}  // namespace vitrine::processes
