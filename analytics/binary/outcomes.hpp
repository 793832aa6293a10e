#pragma once

#include <expected>
#include <string>
#include <vector>

#include "analytics/table.hpp"

namespace vitrine::analytics {

/// A column of two values as 1 and 0.
struct Outcomes {
    std::string positive;  // which of them is 1
    std::vector<int> came;
};

/// Positive is 1, yes, true and the like; else the rarer value, of two as frequent the later one by
/// the alphabet.
std::expected<Outcomes, std::string> read_outcomes(const Table& table, std::string_view target);

}  // namespace vitrine::analytics
