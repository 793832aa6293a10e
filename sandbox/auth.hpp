#pragma once

#include <span>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

std::span<const Route> auth_routes();
std::span<const Route> health_routes();

/// Whether the path, below /api/v1, is one of those by which a client signs in.
bool is_auth_path(std::span<const std::string> segments);

/// Who asks, by the bearer token and the tenant and organization headers: 401 without a good token,
/// 403 for a tenant or an organization that the token is not for.
std::expected<Grant, Refusal> authenticate(World& world, const net::Request& request);

}  // namespace vitrine::sandbox
