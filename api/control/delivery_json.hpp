#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/phrase.hpp"
#include "deliveries/delivery.hpp"

namespace vitrine::api {

/// Without the tenant.
nlohmann::ordered_json to_json(const deliveries::ReceiverStatus& status);
nlohmann::ordered_json to_json(const deliveries::Delivery& delivery, Language language);
nlohmann::ordered_json to_json(const deliveries::Replay& replay);

}  // namespace vitrine::api
