#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "projections/parked.hpp"
#include "projections/release.hpp"

namespace vitrine::api {

nlohmann::ordered_json to_json(
    const std::string& projection, const projections::ParkedEvent& event
);
nlohmann::ordered_json to_json(const projections::ReleaseReport& report);

}  // namespace vitrine::api
