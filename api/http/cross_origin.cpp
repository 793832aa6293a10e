#include "api/http/cross_origin.hpp"

#include <algorithm>

namespace vitrine::api {
namespace {

constexpr const char* sendable =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
    "X-Correlation-Id, traceparent";
constexpr const char* readable =
    "ETag, Idempotency-Replayed, Link, Location, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, X-Correlation-Id, X-Vitrine-Position";
constexpr const char* remembered_seconds = "600";

}  // namespace

bool is_allowed_origin(std::span<const std::string> allowed, std::string_view origin) {
    return std::ranges::any_of(allowed, [origin](const std::string& one) {
        return one == "*" || one == origin;
    });
}

void allow_origin(
    std::span<const std::string> allowed, const net::Request& request, net::Response& response
) {
    if (allowed.empty()) return;
    response.headers.append("Vary", "Origin");
    const auto origin = request.headers.find("Origin");
    if (!origin || !is_allowed_origin(allowed, *origin)) return;
    response.headers.add("Access-Control-Allow-Origin", std::string(*origin));
    response.headers.add("Access-Control-Expose-Headers", readable);
}

net::Response options_response(
    std::span<const std::string> allowed, const net::Request& request, std::string allow
) {
    net::Response response;
    response.status = 204;
    const auto origin = request.headers.find("Origin");
    const bool asks = request.headers.find("Access-Control-Request-Method").has_value();
    if (asks && origin && is_allowed_origin(allowed, *origin)) {
        response.headers.add("Access-Control-Allow-Methods", allow);
        response.headers.add("Access-Control-Allow-Headers", sendable);
        response.headers.add("Access-Control-Max-Age", remembered_seconds);
    }
    response.headers.add("Allow", std::move(allow));
    return response;
}

}  // namespace vitrine::api
