#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"
#include "sandbox/json.hpp"
#include "sandbox/refusal.hpp"
#include "sandbox/state.hpp"
#include "sandbox/world.hpp"

namespace vitrine::sandbox {

/// One request on its way through a route.
struct Call {
    World& world;
    const net::Request& request;
    const net::Target& target;
    std::vector<std::string> args;  // what stands in the places of the pattern's `{…}`
    Json& body;                     // always an object; the handler may take it apart
    Grant grant;                    // empty on open routes
    std::string space;              // whose objects it may see; empty on open routes

    std::optional<std::string_view> query(std::string_view name) const {
        return target.parameter(name);
    }
    Timestamp now() const { return world.clock.now(); }
};

using RouteHandler = Result (*)(Call&);

enum class Access {
    open,    // no token needed
    member,  // a good token
    tenant,  // a good token with a tenant chosen
};

/// `pattern` is relative to /api/v1: "/offers/{id}/publish". Of two that match, the one without a
/// `{…}` wins.
struct Route {
    std::string_view method;
    std::string_view pattern;
    RouteHandler handler;
    Access access = Access::tenant;
    bool alias = false;  // not attested: unknown in strict mode
};

/// Objects of a tenant in test and in live mode do not meet, nor do those of two tenants.
std::string space_of(const Grant& grant);

}  // namespace vitrine::sandbox
