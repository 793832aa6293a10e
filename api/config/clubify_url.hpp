#pragma once

#include <optional>
#include <string_view>

#include "net/client.hpp"

namespace vitrine::api {

/// The platform's base URL as users give it: a slash at the end goes, "/api/v1" is added unless it
/// is there. nullopt: no http or https URL.
std::optional<net::BaseUrl> platform_url(std::string_view text);

/// Pagar.me's, likewise: "/core/v5" is added unless it is there.
std::optional<net::BaseUrl> pagarme_url(std::string_view text);
net::BaseUrl official_pagarme_url();

/// As a command line gives them, or the official ones where it gives none. Throw
/// std::runtime_error.
net::BaseUrl platform_at(std::string_view text);
net::BaseUrl pagarme_at(std::string_view text);

/// Where the platform itself is: one host for the environments test and live; the API key tells
/// them apart.
net::BaseUrl official_url();

}  // namespace vitrine::api
