#include "sandbox/peers/pagarme/pagarme.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "core/base64.hpp"
#include "net/timer.hpp"

namespace vitrine::sandbox::pagarme {
namespace {

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::chrono::hours keys_live{24};
constexpr std::size_t prefix = 2;  // core, v5
constexpr std::string_view not_json = "\x1f\x8b<html>upstream\xff\xfe";

net::Response json_response(int status, const Json& body) {
    net::Response response;
    response.status = status;
    response.headers.add("Content-Type", std::string(json_type));
    response.body = body.dump();
    return response;
}

net::Response refusal(const Refused& refused) {
    Json body{{"message", refused.message}};
    if (!refused.errors.empty()) {
        auto& errors = body["errors"] = Json::object();
        for (const auto& [member, text] : refused.errors) {
            if (!errors.contains(member)) errors[member] = Json::array();
            errors[member].push_back(text);
        }
    }
    return json_response(refused.status, body);
}

bool changes(const std::string& method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

std::expected<Json, Refused> body_of(const net::Request& request) {
    if (request.body.empty()) return Json::object();
    auto body = parse_json(request.body);
    if (!body || !body->is_object())
        return std::unexpected(Refused{400, "The request body is not valid JSON."});
    return *std::move(body);
}

bool is_true(const Json& object, std::string_view name) {
    const auto* value = member(object, name);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::size_t times_in(const Json& object) {
    const auto* value = member(object, "times");
    return value != nullptr && value->is_number_unsigned() ? value->get<std::size_t>() : 1;
}

}  // namespace

Pagarme::Pagarme(boost::asio::any_io_executor loop, Settings settings)
    : settings_(std::move(settings)),
      clock_(settings_.clock),
      faults_(settings_.seed),
      book_(settings_.seed),
      hooks_(std::move(loop), settings_.hooks, settings_.seed) {}

net::Response Pagarme::refuse(int status, const std::string& message) {
    return refusal({status, message});
}

boost::asio::awaitable<net::Response> Pagarme::handle(net::Request request) {
    auto target = net::parse_target(request.target);
    if (!target) co_return refuse(400, "The request target is not valid.");
    if (!target->segments.empty() && target->segments.front() == "_sandbox")
        co_return co_await control(std::move(request), *std::move(target));
    log_.add(request, *target, false, clock_.now());
    const std::span segments(target->segments);
    const auto below = segments.subspan(std::min(prefix, segments.size()));
    if (const auto fault = faults_.decide(request.method, below, false))
        co_return co_await disturbed(std::move(request), *std::move(target), *fault);
    co_return co_await answer(std::move(request), *std::move(target));
}

boost::asio::awaitable<net::Response> Pagarme::answer(net::Request request, net::Target target) {
    const auto key = request.headers.find("Idempotency-Key").value_or("");
    const bool keeps = !key.empty() && changes(request.method);
    const auto name = request.method + ' ' + std::string(key);
    if (const auto found = kept_.find(name);
        keeps && found != kept_.end() && found->second.until > clock_.now())
        co_return found->second.response;
    const auto outcome = act(request, target);
    auto response = outcome ? json_response(200, outcome->body) : refusal(outcome.error());
    if (keeps && response.status != 401)
        kept_.insert_or_assign(name, Kept{response, clock_.now() + keys_live});
    tell();
    book_.settle_refunds(clock_.now());
    tell();
    if (outcome && outcome->after.count() != 0) co_await net::wait_for(outcome->after);
    co_return response;
}

boost::asio::awaitable<net::Response> Pagarme::disturbed(
    net::Request request, net::Target target, FaultAction fault
) {
    using Kind = FaultAction::Kind;
    if (fault.kind == Kind::delay) {
        co_await net::wait_for(fault.delay);
        co_return co_await answer(std::move(request), std::move(target));
    }
    net::Response response;
    if (fault.effect) response = co_await answer(std::move(request), std::move(target));
    if (fault.kind == Kind::drop) {
        response.drop = true;
        co_return response;
    }
    if (fault.kind == Kind::garbage) {
        response = json_response(200, Json::object());
        response.body = not_json;
        co_return response;
    }
    response = refuse(fault.status, "Injected fault");
    if (fault.body) response.body = *fault.body;
    for (const auto& [name, value] : fault.headers) response.headers.set(name, value);
    co_return response;
}

/// "Basic <secret key>:", without a password.
bool Pagarme::is_merchant(const net::Request& request) const {
    constexpr std::string_view scheme = "Basic ";
    const auto header = request.headers.find("Authorization").value_or("");
    if (!header.starts_with(scheme)) return false;
    const auto pair = decode_base64(header.substr(scheme.size()));
    if (!pair || !pair->ends_with(':')) return false;
    const auto key = std::string_view(*pair).substr(0, pair->size() - 1);
    return settings_.secret_key.empty() ? key.starts_with("sk_") : key == settings_.secret_key;
}

Outcome Pagarme::act(const net::Request& request, const net::Target& target) {
    if (!is_merchant(request))
        return std::unexpected(Refused{401, "Authorization has been denied for this request."});
    const auto body = body_of(request);
    if (!body) return std::unexpected(body.error());
    return route(request.method, target, *body);
}

Outcome Pagarme::route(const std::string& method, const net::Target& target, const Json& body) {
    const auto& path = target.segments;
    const auto now = clock_.now();
    const bool is_known = path.size() > prefix && path[0] == "core" && path[1] == "v5";
    const auto what = is_known ? std::string_view(path[prefix]) : std::string_view();
    const auto count = path.size() - std::min(prefix, path.size());
    if (what == "orders" && count == 1 && method == "POST") return book_.create(body, now);
    if (what == "orders" && count == 1 && method == "GET") {
        return Answered{book_.orders(
            target.parameter("code").value_or(""), target.parameter("status").value_or(""), now
        )};
    }
    if (what == "orders" && count == 2 && method == "GET") return book_.order(path[3], now);
    if (what == "charges" && count == 2 && method == "GET") return book_.charge(path[3], now);
    if (what == "charges" && count == 2 && method == "DELETE")
        return book_.cancel(path[3], body, now);
    if (what == "charges" && count == 3 && path[4] == "capture" && method == "POST")
        return book_.capture(path[3], body, now);
    if (what == "hooks" && count == 1 && method == "GET")
        return Answered{{{"data", hooks_.list(target.parameter("status").value_or(""))}}};
    return std::unexpected(Refused{404, "No resource was found that matches the request."});
}

void Pagarme::tell() {
    for (const auto& hook : book_.take_hooks()) hooks_.tell(hook.type, hook.data, clock_.now());
}

boost::asio::awaitable<net::Response> Pagarme::control(net::Request request, net::Target target) {
    const auto& path = target.segments;
    const auto what = path.size() > 1 ? std::string_view(path[1]) : std::string_view();
    if (what == "hooks") co_return co_await control_hooks(std::move(request), std::move(target));
    const auto body = body_of(request);
    if (!body) co_return refusal(body.error());
    const bool posts = request.method == "POST";
    if (what == "payments" && path.size() == 3 && posts) {
        const auto outcome = book_.act(path[2], text_of(*body, "act"), clock_.now());
        tell();
        co_return outcome ? json_response(200, outcome->body) : refusal(outcome.error());
    }
    if (what == "refunds" && posts) {
        book_.hold_refunds(is_true(*body, "held"));
        book_.settle_refunds(clock_.now());
        tell();
        co_return json_response(200, {{"held", is_true(*body, "held")}});
    }
    if (what == "state") co_return json_response(200, {{"payments", book_.payments()}});
    if (what == "faults") {
        if (request.method == "DELETE") faults_.clear();
        if (posts) {
            if (auto added = faults_.add(*body); !added)
                co_return refuse(added.error().status, added.error().message);
        }
        co_return json_response(200, Json::parse(faults_.to_json()));
    }
    if (what == "requests") {
        if (request.method == "DELETE") log_.clear();
        co_return json_response(200, Json::parse(log_.to_json()));
    }
    if (what == "clock") {
        if (posts) {
            const auto now = parse_time(text_of(*body, "now"));
            if (!now) co_return refuse(400, "The body must be {\"now\": a time}.");
            clock_.set(*now);
        }
        co_return json_response(200, {{"now", format_time(clock_.now())}});
    }
    co_return refuse(404, "There is no such control.");
}

/// GET /_sandbox/hooks; POST {"held": true|false}; POST …/deliver {"times"?, "reversed"?}: what is
/// held is sent, twice or the last first if that is asked for.
boost::asio::awaitable<net::Response> Pagarme::control_hooks(
    net::Request request, net::Target target
) {
    const auto body = body_of(request);
    if (!body) co_return refusal(body.error());
    if (request.method == "GET") co_return json_response(200, {{"hooks", hooks_.list("")}});
    if (target.segments.size() == 3 && target.segments[2] == "deliver") {
        const auto sent = co_await hooks_.deliver(times_in(*body), is_true(*body, "reversed"));
        co_return json_response(200, {{"sent", sent}});
    }
    hooks_.hold(is_true(*body, "held"));
    co_return json_response(200, {{"held", is_true(*body, "held")}});
}

}  // namespace vitrine::sandbox::pagarme
