#pragma once

#include <optional>
#include <string_view>

#include "net/client.hpp"

namespace vitrine::api {

/// The platform's base URL as users give it: a slash at the end goes, "/api/v1" is added unless it
/// is there. nullopt: no http or https URL.
std::optional<net::BaseUrl> platform_url(std::string_view text);

/// Where the platform itself is: one host for the environments test and live; the API key tells
/// them apart.
net::BaseUrl official_url();

}  // namespace vitrine::api
