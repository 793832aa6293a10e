#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/http/key_limits.hpp"
#include "commands/bus.hpp"
#include "commands/catalogue/catalogue.hpp"
#include "core/uuid.hpp"
#include "gateways/clubify/clubify.hpp"
#include "queries/events/new_events.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// What the configuration says of the way in.
struct HttpOptions {
    std::vector<std::string> cors_origins;  // pages that may call; "*": all
    std::optional<KeyLimit> key_limit;
    // A read model further behind than both is not ready.
    std::uint64_t ready_lag_events = 10'000;
    std::chrono::milliseconds ready_lag_time{10'000};
};

class RequestMetrics;
class WebhookMetrics;

/// What the routes work with. References that outlive every request; safe from any loop, but for
/// the command bus and the Clubify client, whose loop is `main_loop`.
struct Backend {
    boost::asio::any_io_executor main_loop;
    store::Keys& keys;
    queries::ReadSide reads;
    queries::LiveMetrics& live;
    queries::NewEvents& new_events;
    commands::CommandBus& bus;
    commands::Catalogue& catalogue;  // on the main loop
    clubify::Clubify& clubify;
    RequestMetrics& metrics;
    WebhookMetrics& webhooks;
    /// nullopt: no such tenant, or it has none.
    std::function<std::optional<std::string>(const TenantId&)> webhook_secret;
    UuidSource new_id;
    std::function<std::size_t()> connections;  // of the server
    HttpOptions options;
};

}  // namespace vitrine::api
