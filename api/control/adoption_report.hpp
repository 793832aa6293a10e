#pragma once

#include <nlohmann/json_fwd.hpp>

#include "commands/adoption/adoption.hpp"

namespace vitrine::api {

/// {"dry_run","products":{"adopted","known","failed"},"offers":{…},"items":[…]}
nlohmann::ordered_json to_json(const commands::AdoptionReport& report, Language language);

/// {"products","offers","differences":[…]}
nlohmann::ordered_json to_json(const commands::Reconciliation& reconciliation);

}  // namespace vitrine::api
