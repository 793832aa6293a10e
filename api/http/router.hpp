#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/route.hpp"

namespace vitrine::api {

/// Finds the route of a path and method. A path fits a pattern segment by segment, each decoded by
/// itself: an escaped slash is none. An empty segment or a slash at the end fits none. Of two
/// patterns that fit, the one with fewer captures counts.
class Router {
public:
    explicit Router(std::span<const Route> routes);

    struct Found {
        const Route* route = nullptr;  // nullptr: no such path, or not with this method
        std::string allow;             // the methods that the path knows; empty: no such path
        std::vector<std::string> captures;
    };

    /// `path` as on the request line; captures are percent-decoded. Its escapes must be well
    /// formed.
    Found find(std::string_view method, std::string_view path) const;

private:
    /// The routes of one pattern.
    struct Resource {
        std::vector<std::string_view> segments;
        std::vector<const Route*> routes;
    };

    std::vector<Resource> resources_;
};

}  // namespace vitrine::api
