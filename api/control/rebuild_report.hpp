#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "projections/rebuild.hpp"

namespace vitrine::api {

nlohmann::ordered_json to_json(
    const std::string& name, const projections::RebuildProgress& progress
);
nlohmann::ordered_json to_json(const projections::RebuildReport& report);

/// Of the report, what is known before the switch: {"name","live_fault"?,"comparison"?}.
nlohmann::ordered_json compared_to_json(const projections::RebuildReport& report);

}  // namespace vitrine::api
