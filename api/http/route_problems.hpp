#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "api/http/route.hpp"

namespace vitrine::api {

/// The problems that a route may answer with, by status: for /openapi.json and /docs.
std::map<int, std::vector<std::string_view>> problems_of(const Route& route);

}  // namespace vitrine::api
