#pragma once

#include <span>
#include <string_view>

#include "api/http/request_headers.hpp"
#include "api/http/route.hpp"
#include "commands/engine/request.hpp"

// What each area of the business has on this side of the service.
namespace vitrine::api {

/// Its routes, but for those of commands, which follow from commands/areas.hpp, and the text of
/// answers/<area>.json: what its routes and commands answer (`answers`, `done`, `schemas`), an
/// example of each (`examples`), what the console calls its events and commands (`words`), and the
/// Portuguese of what they say of themselves (`portuguese`).
struct RouteArea {
    std::span<const Route> routes;
    std::string_view answers;      // empty: it stands in another's
    std::string_view entity = {};  // of its commands, where their tags say more than a version:
    /// Whether the tag was given of what the path names, as far as others than its stream tell.
    bool (*was_told)(Backend& backend, const Call& call, const VersionTag& tag) = nullptr;
    /// Does what follows a command that is done, also when it is answered again: what the journal
    /// does not hold joins the answer. All outlive it.
    boost::asio::awaitable<void> (*complete)(
        Backend* backend, const Call* call, commands::CommandReply* reply
    ) = nullptr;
};

/// By the area of the command that the path leads to; false where tags are versions alone.
bool was_told(Backend& backend, const Call& call, const VersionTag& tag);

/// By the area of the command.
boost::asio::awaitable<void> complete(
    Backend* backend, const Call* call, commands::CommandReply* reply
);

RouteArea offer_routes();
RouteArea sales_routes();
RouteArea order_routes();
RouteArea product_routes();
RouteArea coupon_routes();
RouteArea customer_routes();
RouteArea pricing_routes();
RouteArea quote_routes();
RouteArea schedule_routes();
RouteArea stock_routes();
RouteArea checkout_routes();
RouteArea bump_routes();
RouteArea process_routes();
RouteArea log_routes();
RouteArea adoption_routes();
RouteArea me_routes();
RouteArea webhook_routes();
RouteArea hook_routes();
RouteArea endpoint_routes();
RouteArea activity_routes();
RouteArea price_routes();
RouteArea parked_routes();
RouteArea delivery_routes();
RouteArea operation_routes();
RouteArea console_routes();

/// Those that there are, in the order of the documentation.
inline constexpr RouteArea (*route_areas[])() = {
    offer_routes,   sales_routes,    order_routes,    product_routes,   coupon_routes,
    pricing_routes, quote_routes,    customer_routes, schedule_routes,  stock_routes,
    bump_routes,    checkout_routes, process_routes,  log_routes,       adoption_routes,
    me_routes,      webhook_routes,  hook_routes,     endpoint_routes,  activity_routes,
    price_routes,   parked_routes,   delivery_routes, operation_routes, console_routes,
};

}  // namespace vitrine::api
