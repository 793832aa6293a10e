#pragma once

#include <span>
#include <string>

#include "api/http/route.hpp"

namespace vitrine::api {

/// The OpenAPI 3.1 document of these routes; bodies have the JSON Schemas that validate them.
std::string openapi_document(std::span<const Route> routes);

}  // namespace vitrine::api
