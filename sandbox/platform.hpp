#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <span>
#include <string>

#include "net/http.hpp"
#include "sandbox/control.hpp"
#include "sandbox/fault_rules.hpp"
#include "sandbox/idempotency.hpp"
#include "sandbox/keeping.hpp"
#include "sandbox/random.hpp"
#include "sandbox/rate_limit.hpp"
#include "sandbox/request_log.hpp"
#include "sandbox/router.hpp"
#include "sandbox/webhook_sender.hpp"
#include "sandbox/world.hpp"

namespace vitrine::sandbox {

struct PlatformOptions {
    std::optional<RateRule> rate_rule;
    bool idempotency = false;
    WebhookOptions webhooks{};
};

/// Answers HTTP requests as the platform would: control plane, log, faults, rate limit, route,
/// authentication, handler, and, with a state file, the disk. Concurrency: everything on the one
/// loop.
class Platform {
public:
    /// `keeping` may be nullptr. All references outlive the platform.
    Platform(
        boost::asio::any_io_executor loop, World& world, Keeping* keeping, PlatformOptions options
    );

    boost::asio::awaitable<net::Response> handle(net::Request request);

    FaultRules& faults() { return faults_; }

    /// In the platform's shape, for what never reaches handle().
    net::Response refuse(const Refusal& refusal);

private:
    struct Received {
        net::Request request;
        net::Target target;
        std::vector<std::string> segments;  // below /api/v1
        bool below_api = false;
        std::string request_id;
    };

    boost::asio::awaitable<net::Response> handle_control(net::Request request, net::Target target);
    boost::asio::awaitable<Result> control_webhooks(net::Request request, net::Target target);
    boost::asio::awaitable<net::Response> disturbed(
        std::shared_ptr<Received> received, FaultAction fault
    );
    boost::asio::awaitable<net::Response> after_delay(
        std::shared_ptr<Received> received, std::chrono::milliseconds delay
    );
    /// Carries the request out, on the spot.
    net::Response act(const Received& received);
    Result carry_out(const Received& received, const std::expected<Grant, Refusal>& caller);
    Result call_route(const Received& received, const Router::Match& match, Grant grant, Json body);
    /// Waits for the disk where the request may have changed something. False: that failed.
    boost::asio::awaitable<bool> kept(std::string method);
    net::Response answer(
        const Result& result, const std::string& request_id, const RateLimit::Verdict& verdict
    );

    boost::asio::any_io_executor loop_;
    World& world_;
    Keeping* keeping_;
    Router router_;
    FaultRules faults_;
    RequestLog log_;
    RateLimit rate_limit_;
    std::optional<IdempotencyStore> idempotency_;
    bool replayed_ = false;             // whether the answer being made is a repeated one
    std::chrono::milliseconds late_{};  // for which that answer is held back
    Random request_ids_;
    Control control_;
    WebhookSender webhooks_;
};

}  // namespace vitrine::sandbox
