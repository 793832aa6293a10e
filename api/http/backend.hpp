#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/http/key_limits.hpp"
#include "commands/adoption/adoption.hpp"
#include "commands/endpoints/secrets.hpp"
#include "commands/engine/bus.hpp"
#include "core/uuid.hpp"
#include "deliveries/runner.hpp"
#include "gateways/clubify/clubify.hpp"
#include "gateways/pagarme/credentials.hpp"
#include "gateways/webhooks_out/sender.hpp"
#include "queries/events/new_events.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"
#include "rules/bumps/source.hpp"
#include "rules/prices/source.hpp"
#include "store/keys.hpp"
#include "store/people_keys.hpp"

namespace vitrine::api {

/// What the configuration says of the way in.
struct HttpOptions {
    std::vector<std::string> cors_origins;  // pages that may call; "*": all
    std::optional<KeyLimit> key_limit;
    // A read model further behind than both is not ready.
    std::uint64_t ready_lag_events = 10'000;
    std::chrono::milliseconds ready_lag_time{10'000};
    bool test_clock = false;  // time moves only when it is told to
};

class RequestMetrics;
class WebhookMetrics;
class DeliveryMetrics;

/// What the routes work with. References that outlive every request; safe from any loop, but for
/// the command bus and what calls others, whose loop is `main_loop`.
struct Backend {
    boost::asio::any_io_executor main_loop;
    store::Keys& keys;
    queries::ReadSide reads;  // whose log shows no people
    store::EventStore& log;   // with people open: for what is appended, and for who may see them
    store::PeopleKeys& people;
    queries::LiveMetrics& live;
    const rules::prices::Source& prices;
    const rules::bumps::Source& bumps;
    queries::NewEvents& new_events;
    commands::CommandBus& bus;
    commands::Adoption& adoption;  // on the main loop
    commands::EndpointSecrets& endpoint_secrets;
    webhooks_out::Sender& webhook_sender;  // on the main loop
    clubify::Clubify& clubify;
    deliveries::Runner& deliveries;  // status and list from any loop, the rest on the main loop
    RequestMetrics& metrics;
    WebhookMetrics& webhooks;
    DeliveryMetrics& delivery_metrics;
    /// nullopt: no such tenant, or it has none.
    std::function<std::optional<std::string>(const TenantId&)> webhook_secret;
    std::function<std::optional<pagarme::Credentials>(const TenantId&)> hook_credentials;
    UuidSource new_id;
    std::function<std::size_t()> connections;  // of the server
    HttpOptions options;
};

}  // namespace vitrine::api
