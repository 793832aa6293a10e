#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "store/verify.hpp"

namespace vitrine::api {

/// {"ok", "position", "events", "sparse", "tenants": [{"tenant", "events", "head"}], "faults":
/// [{"check", "position"?, "detail"}]}
nlohmann::ordered_json to_json(const store::VerifyReport& report);

/// Of a report with faults: what is wrong first, one line.
std::string first_fault(const store::VerifyReport& report);

}  // namespace vitrine::api
