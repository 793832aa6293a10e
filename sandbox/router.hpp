#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

/// Every route of the platform.
std::vector<Route> all_routes();

/// Finds the route of a method and a path.
class Router {
public:
    /// Strict: without aliases.
    Router(std::vector<Route> routes, bool strict);

    struct Match {
        const Route* route = nullptr;  // nullptr: no such route
        std::vector<std::string> args;
    };
    Match match(std::string_view method, std::span<const std::string> segments) const;

private:
    struct Entry {
        Route route;
        std::vector<std::string_view> pattern;  // empty text: any segment
    };
    std::vector<std::vector<Entry>> by_length_;  // fewest open places first
};

}  // namespace vitrine::sandbox
