#pragma once

#include "core/period.hpp"
#include "sandbox/call.hpp"

namespace vitrine::sandbox {

/// The window that a query for figures asks for: `period`, or date_from and date_to.
struct AskedWindow {
    std::string period;  // "custom": given by dates
    Window window;
};

std::expected<AskedWindow, Refusal> read_window(const Call& call);

/// 400 for one parameter: "group_by must be…".
Refusal wrong_parameter(std::string field, std::string what);

}  // namespace vitrine::sandbox
