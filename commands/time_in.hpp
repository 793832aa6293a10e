#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/time.hpp"

namespace vitrine::commands {

/// What is given is none.
Fault no_time(std::string pointer);

/// A time that is asked for as text; nullopt: there is none, or one that is a fault.
std::optional<Timestamp> time_in(
    const std::optional<std::string>& text, const char* pointer, std::vector<Fault>& faults
);

}  // namespace vitrine::commands
