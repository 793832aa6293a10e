#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/client.hpp"

namespace vitrine::sandbox {

/// A URL as the HTTP client wants it.
struct WebhookTarget {
    net::BaseUrl base;   // without a path
    std::string target;  // path and query
};

/// nullopt: not an http or https URL.
std::optional<WebhookTarget> webhook_target(std::string_view url);

/// https, or http to this machine.
bool may_deliver_to(std::string_view url);

}  // namespace vitrine::sandbox
