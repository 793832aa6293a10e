#include "sandbox/control.hpp"

#include <nlohmann/json.hpp>

#include "sandbox/payments.hpp"

namespace vitrine::sandbox {
namespace {

Refusal no_such_route(const net::Request& request, const net::Target& target) {
    return {
        .status = 404,
        .message = "Cannot " + request.method + ' ' + target.path,
        .code = "route_not_found"
    };
}

Refusal not_allowed() {
    return {.status = 405, .message = "Method not allowed", .code = "method_not_allowed"};
}

}  // namespace

bool Control::owns(const net::Target& target) {
    return !target.segments.empty() && target.segments.front() == "_sandbox";
}

Result Control::handle(const net::Request& request, const net::Target& target) {
    if (target.segments.size() == 3 && target.segments[1] == "payments")
        return payments(request, target.segments[2]);
    if (target.segments.size() != 2) return std::unexpected(no_such_route(request, target));
    const auto& what = target.segments[1];
    if (what == "faults") return faults(request);
    if (what == "requests") return requests(request);
    if (what == "clock") return clock(request);
    if (what == "orders") return orders(request);
    if (what != "state") return std::unexpected(no_such_route(request, target));
    if (request.method != "GET") return std::unexpected(not_allowed());
    return Reply{200, world_.state.to_json()};
}

Result Control::faults(const net::Request& request) {
    if (request.method == "DELETE") {
        faults_.clear();
    } else if (request.method == "POST") {
        const auto input = parse_json(request.body);
        if (!input) return std::unexpected(bad_request(input.error(), "invalid_json"));
        if (auto added = faults_.add(*input); !added) return std::unexpected(added.error());
    } else if (request.method != "GET") {
        return std::unexpected(not_allowed());
    }
    return Reply{200, faults_.to_json()};
}

Result Control::requests(const net::Request& request) {
    if (request.method == "DELETE") {
        log_.clear();
    } else if (request.method != "GET") {
        return std::unexpected(not_allowed());
    }
    return Reply{200, log_.to_json()};
}

Result Control::clock(const net::Request& request) {
    if (request.method == "POST") {
        const auto input = parse_json(request.body);
        if (!input) return std::unexpected(bad_request(input.error(), "invalid_json"));
        const auto now = parse_time(text_of(*input, "now"));
        if (!now || input->size() != 1) {
            return std::unexpected(
                bad_request("the body must be {\"now\": a time as RFC 3339 has it}", "invalid")
            );
        }
        world_.clock.set(*now);
    } else if (request.method != "GET") {
        return std::unexpected(not_allowed());
    }
    return Reply{200, R"({"now":")" + format_time(world_.clock.now()) + "\"}"};
}

Result Control::payments(const net::Request& request, const std::string& id) {
    if (request.method != "POST") return std::unexpected(not_allowed());
    const auto input = parse_json(request.body);
    if (!input) return std::unexpected(bad_request(input.error(), "invalid_json"));
    return act_on_payment(world_, id, *input);
}

Result Control::orders(const net::Request& request) {
    if (request.method != "POST") return std::unexpected(not_allowed());
    const auto added = world_.orders.add_csv(request.body, OrderBook::Header::optional);
    if (!added) return std::unexpected(bad_request(added.error(), "invalid_csv"));
    if (keeping_ && *added > 0) keeping_->add_orders(request.body);
    return Reply{
        200,
        R"({"added":)" + std::to_string(*added) + R"(,"lines":)" +
            std::to_string(world_.orders.line_count()) + '}'
    };
}

}  // namespace vitrine::sandbox
