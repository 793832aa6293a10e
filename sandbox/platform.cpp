#include "sandbox/platform.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "core/async.hpp"
#include "sandbox/auth.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::uint64_t request_id_stream = 2;
constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view not_json = "\x1f\x8b<html>upstream\xff\xfe";

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= 128 &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

/// Takes every leading /api/v1 away; false if there was none.
bool take_prefix(std::vector<std::string>& segments) {
    std::size_t length = 0;
    while (segments.size() >= length + 2 && segments[length] == "api" &&
           segments[length + 1] == "v1") {
        length += 2;
    }
    segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(length));
    return length > 0;
}

bool is_webhook_control(const net::Target& target) {
    return target.segments.size() >= 2 && target.segments[1] == "webhooks";
}

bool has_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

std::expected<Json, Refusal> read_body(const net::Request& request) {
    if (!has_body(request.method) || request.body.empty()) return Json::object();
    auto body = parse_json(request.body);
    if (!body) return std::unexpected(bad_request(body.error(), "invalid_json"));
    if (is_empty_list(*body)) return Json::object();
    if (body->is_object()) return *std::move(body);
    return std::unexpected(bad_request("Body must be an object", "invalid_json"));
}

Refusal no_such_route(const net::Request& request, const net::Target& target) {
    return {
        .status = 404,
        .message = "Cannot " + request.method + ' ' + target.path,
        .code = "route_not_found"
    };
}

Refusal too_many(const RateLimit::Verdict& verdict) {
    Refusal refusal{.status = 429, .message = "Rate limit exceeded", .code = "rate_limit_exceeded"};
    refusal.extras.emplace_back("retry_after", JsonText(std::to_string(verdict.retry_after)));
    return refusal;
}

Refusal disk_failed() {
    return {.status = 500, .message = "The state file cannot be written", .code = "state_file"};
}

}  // namespace

Platform::Platform(
    boost::asio::any_io_executor loop, World& world, Keeping* keeping, PlatformOptions options
)
    : loop_(std::move(loop)),
      world_(world),
      keeping_(keeping),
      router_(all_routes(), world.strict),
      faults_(world.seed),
      rate_limit_(options.rate_rule),
      request_ids_(world.seed, request_id_stream),
      control_(world, faults_, log_, keeping),
      webhooks_(loop_, world, options.webhooks) {
    if (keeping_) {
        world_.keep_order_lines = [keeping](const std::string& csv) { keeping->add_orders(csv); };
    }
    if (options.idempotency) idempotency_.emplace();
}

boost::asio::awaitable<net::Response> Platform::handle(net::Request request) {
    auto target = net::parse_target(request.target);
    if (!target) co_return refuse(bad_request("The request target is not valid", "invalid_target"));
    if (Control::owns(*target)) {
        co_return co_await handle_control(std::move(request), *std::move(target));
    }
    auto received = std::make_shared<Received>();
    received->request = std::move(request);
    received->target = *std::move(target);
    received->segments = received->target.segments;
    received->below_api = take_prefix(received->segments);
    const auto id = received->request.headers.find("X-Request-Id").value_or("");
    received->request_id = is_request_id(id) ? std::string(id) : "req_" + request_ids_.hex(24);

    const bool is_auth = received->below_api && is_auth_path(received->segments);
    log_.add(received->request, received->target, is_auth, world_.clock.now());
    if (received->below_api) {
        const auto fault = faults_.decide(received->request.method, received->segments, is_auth);
        if (fault) co_return co_await disturbed(received, *fault);
    }
    auto response = act(*received);
    const auto late = std::exchange(late_, {});
    if (!co_await kept(received->request.method)) co_return refuse(disk_failed());
    if (late.count() != 0) {
        boost::asio::steady_timer timer(loop_, late);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return response;
}

boost::asio::awaitable<net::Response> Platform::handle_control(
    net::Request request, net::Target target
) {
    const auto result = is_webhook_control(target) ? co_await control_webhooks(request, target)
                                                   : control_.handle(request, target);
    if (!co_await kept(request.method)) co_return refuse(disk_failed());
    net::Response response;
    response.status = result ? result->status : result.error().status;
    response.headers.add("Content-Type", std::string(json_type));
    response.body = result ? result->body : error_body(result.error(), "control");
    co_return response;
}

/// GET /_sandbox/webhooks, POST /_sandbox/webhooks/deliver: unlike the others they wait.
boost::asio::awaitable<Result> Platform::control_webhooks(
    net::Request request, net::Target target
) {
    const bool delivers = target.segments.size() == 3 && target.segments[2] == "deliver";
    if (target.segments.size() == 2 && request.method == "GET") {
        co_return Reply{200, webhooks_.log()};
    }
    if (!delivers || request.method != "POST") {
        co_return std::unexpected(no_such_route(request, target));
    }
    auto input = parse_json(request.body);
    if (!input || !input->is_object()) {
        co_return std::unexpected(bad_request("the body must be an object", "invalid_json"));
    }
    co_return co_await webhooks_.deliver(*std::move(input));
}

boost::asio::awaitable<net::Response> Platform::disturbed(
    std::shared_ptr<Received> received, FaultAction fault
) {
    using Kind = FaultAction::Kind;
    if (fault.kind == Kind::delay) {
        auto response = co_await after_delay(received, fault.delay);
        if (!co_await kept(received->request.method)) co_return refuse(disk_failed());
        co_return response;
    }
    net::Response response;
    if (fault.effect) {
        response = act(*received);
        if (!co_await kept(received->request.method)) co_return refuse(disk_failed());
    }
    if (fault.kind == Kind::drop) {
        response.drop = true;
        co_return response;
    }
    RateLimit::Verdict verdict;
    verdict.reset =
        std::chrono::floor<std::chrono::seconds>(world_.clock.now()).time_since_epoch().count() +
        60;
    Refusal refusal{.status = fault.status, .message = "Injected fault", .code = "injected_fault"};
    response = answer(std::unexpected(std::move(refusal)), received->request_id, verdict);
    if (fault.kind == Kind::garbage) {
        response.status = 200;
        response.body = not_json;
        co_return response;
    }
    if (fault.body) response.body = *fault.body;
    if (fault.status == 204 || fault.status == 304) response.body.clear();
    for (const auto& [name, value] : fault.headers) response.headers.set(name, value);
    co_return response;
}

boost::asio::awaitable<net::Response> Platform::after_delay(
    std::shared_ptr<Received> received, std::chrono::milliseconds delay
) {
    // The timer, not the connection's coroutine, carries the request out: it happens also when the
    // client has gone.
    auto start = [this, received, delay](Completion<net::Response> done) {
        auto timer = std::make_shared<boost::asio::steady_timer>(loop_, delay);
        auto* waiting = timer.get();
        waiting->async_wait([this, received, timer, done = std::move(done)](auto) mutable {
            done(act(*received));
        });
    };
    co_return co_await wait_for_completion<net::Response>(std::move(start));
}

boost::asio::awaitable<bool> Platform::kept(std::string method) {
    if (!keeping_ || method == "GET" || method == "HEAD") co_return true;
    co_return co_await keeping_->durable();
}

net::Response Platform::act(const Received& received) {
    replayed_ = false;
    late_ = {};
    const auto caller = authenticate(world_, received.request);
    const auto& remote = received.request.remote;
    const auto verdict = rate_limit_.take(
        caller ? space_of(*caller) : remote, std::chrono::steady_clock::now(), world_.clock.now()
    );
    if (!verdict.allowed) {
        return answer(std::unexpected(too_many(verdict)), received.request_id, verdict);
    }
    try {
        return answer(carry_out(received, caller), received.request_id, verdict);
    } catch (const std::exception&) {
        Refusal refusal{.status = 500, .message = "Internal server error", .code = "internal"};
        return answer(std::unexpected(std::move(refusal)), received.request_id, verdict);
    }
}

Result Platform::carry_out(const Received& received, const std::expected<Grant, Refusal>& caller) {
    const auto& request = received.request;
    const std::string_view asked = request.method;
    const auto method = asked == "HEAD" ? std::string_view("GET") : asked;
    const auto match =
        received.below_api ? router_.match(method, received.segments) : Router::Match();
    if (!match.route) return std::unexpected(no_such_route(request, received.target));
    Grant grant;
    if (match.route->access != Access::open) {
        if (!caller) return std::unexpected(caller.error());
        grant = *caller;
    }
    // An organization's token without a tenant has, leniently, a place of its own.
    if (match.route->access == Access::tenant && grant.tenant.empty() &&
        (world_.strict || grant.organization.empty())) {
        return std::unexpected(bad_request("X-Tenant-Id is required", "tenant_required"));
    }
    auto body = read_body(request);
    if (!body) return std::unexpected(body.error());
    return call_route(received, match, std::move(grant), *std::move(body));
}

Result Platform::call_route(
    const Received& received, const Router::Match& match, Grant grant, Json body
) {
    const bool is_open = match.route->access == Access::open;
    Call call{
        .world = world_,
        .request = received.request,
        .target = received.target,
        .args = match.args,
        .body = body,
        .grant = std::move(grant),
        .space = {}
    };
    if (!is_open) call.space = space_of(call.grant);
    const auto key = idempotency_ && !is_open ? IdempotencyStore::key_of(call) : std::string();
    if (key.empty()) {
        auto result = match.route->handler(call);
        if (result) late_ = result->after;
        return result;
    }
    if (auto earlier = idempotency_->find(call, key)) {
        replayed_ = earlier->has_value() || earlier->error().code != "idempotency_key_reuse";
        return *std::move(earlier);
    }
    auto result = match.route->handler(call);
    if (result) late_ = std::exchange(result->after, {});
    idempotency_->keep(call, key, result);
    return result;
}

net::Response Platform::answer(
    const Result& result, const std::string& request_id, const RateLimit::Verdict& verdict
) {
    net::Response response;
    response.status = result ? result->status : result.error().status;
    response.body = result ? result->body : error_body(result.error(), request_id);
    auto& headers = response.headers;
    if (response.status != 204) headers.add("Content-Type", std::string(json_type));
    headers.add("X-Request-Id", request_id);
    headers.add("X-RateLimit-Limit", std::to_string(verdict.limit));
    headers.add("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    headers.add("X-RateLimit-Reset", std::to_string(verdict.reset));
    if (!verdict.allowed) headers.add("Retry-After", std::to_string(verdict.retry_after));
    if (replayed_) headers.add("Idempotency-Replayed", "true");
    return response;
}

net::Response Platform::refuse(const Refusal& refusal) {
    replayed_ = false;
    RateLimit::Verdict verdict;
    verdict.reset =
        std::chrono::floor<std::chrono::seconds>(world_.clock.now()).time_since_epoch().count() +
        60;
    return answer(std::unexpected(refusal), "req_" + request_ids_.hex(24), verdict);
}

}  // namespace vitrine::sandbox
