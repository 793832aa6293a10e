#include "api/http/router.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace vitrine::api {
namespace {

constexpr std::size_t most_segments = 8;

struct Segments {
    std::array<std::string_view, most_segments> parts;
    std::size_t count = 0;

    std::span<const std::string_view> all() const { return {parts.data(), count}; }
};

/// nullopt: an empty segment, or more than any pattern has.
std::optional<Segments> split(std::string_view path) {
    Segments result;
    if (path.empty()) return std::nullopt;
    if (path == "/") return result;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto end = std::min(path.find('/'), path.size());
        if (end == 0 || result.count == most_segments) return std::nullopt;
        result.parts[result.count++] = path.substr(0, end);
        path.remove_prefix(end);
    }
    return result;
}

bool is_capture(std::string_view segment) {
    return segment.starts_with('{');
}

/// `path`: decoded.
bool fits(std::span<const std::string_view> pattern, std::span<const std::string> path) {
    return std::ranges::equal(pattern, path, [](std::string_view wanted, std::string_view given) {
        return wanted == given || is_capture(wanted);
    });
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return (c | 0x20) - 'a' + 10;
}

std::string decoded(std::string_view segment) {
    if (segment.find('%') == std::string_view::npos) return std::string(segment);
    std::string text;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] != '%') {
            text += segment[i];
            continue;
        }
        text += static_cast<char>(hex_value(segment[i + 1]) * 16 + hex_value(segment[i + 2]));
        i += 2;
    }
    return text;
}

bool serves(const Route& route, std::string_view method) {
    return route.method == method || (method == "HEAD" && route.method == "GET");
}

}  // namespace

Router::Router(std::span<const Route> routes) {
    for (const auto& route : routes) {
        const auto segments = split(route.pattern).value();
        auto found = std::ranges::find_if(resources_, [&](const Resource& resource) {
            return std::ranges::equal(resource.segments, segments.all());
        });
        if (found == resources_.end()) {
            const auto all = segments.all();
            found = resources_.insert(found, Resource{{all.begin(), all.end()}, {}});
        }
        found->routes.push_back(&route);
    }
    std::ranges::sort(resources_, {}, [](const Resource& resource) {
        return std::ranges::count_if(resource.segments, is_capture);
    });
}

Router::Found Router::find(std::string_view method, std::string_view path) const {
    Found found;
    const auto segments = split(path);
    if (!segments) return found;
    std::vector<std::string> given;
    std::ranges::transform(segments->all(), std::back_inserter(given), decoded);
    const auto resource = std::ranges::find_if(resources_, [&](const Resource& candidate) {
        return fits(candidate.segments, given);
    });
    if (resource == resources_.end()) return found;
    const auto route = std::ranges::find_if(resource->routes, [method](const Route* candidate) {
        return serves(*candidate, method);
    });
    if (route == resource->routes.end()) {
        for (const auto* each : resource->routes) {
            found.allow += (found.allow.empty() ? "" : ", ") + std::string(each->method);
            if (each->method == "GET") found.allow += ", HEAD";
        }
        found.allow += ", OPTIONS";
        return found;
    }
    found.route = *route;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (is_capture(resource->segments[i])) found.captures.push_back(std::move(given[i]));
    }
    return found;
}

}  // namespace vitrine::api
