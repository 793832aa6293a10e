#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vitrine::api {

/// A rebuild's report for people, a line or more.
std::string report_text(const nlohmann::ordered_json& report);

/// How many files of former versions were removed.
std::string dropped_text(const nlohmann::ordered_json& outcome);

/// The live read model was not what the log gives, or could not be read.
bool differs(const nlohmann::ordered_json& report);

}  // namespace vitrine::api
