#include "sandbox/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/hmac.hpp"
#include "core/text.hpp"
#include "net/timer.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/receiver_key.hpp"
#include "sandbox/webhook_target.hpp"

namespace vitrine::sandbox {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::uint64_t event_id_stream = 3;
constexpr std::size_t most_attempts_kept = 10'000;
constexpr int failures_that_deactivate = 5;
constexpr std::int64_t most_retries = 20;
constexpr std::int64_t most_repeats = 1000;
constexpr std::int64_t most_padding = 64LL * 1024 * 1024;
constexpr milliseconds first_pause{1000};
constexpr milliseconds control_timeout{30'000};

std::int64_t whole_of(const Json& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = member(object, name);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

bool is_true(const Json& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_boolean() && value->get<bool>();
}

std::int64_t unix_now() {
    return std::chrono::floor<std::chrono::seconds>(system_clock()()).time_since_epoch().count();
}

/// The tenant of "test:tenant".
std::string_view tenant_of(std::string_view space) {
    return space.substr(std::min(space.find(':') + 1, space.size()));
}

}  // namespace

WebhookSender::WebhookSender(asio::any_io_executor loop, World& world, WebhookOptions options)
    : loop_(std::move(loop)),
      world_(world),
      options_(options),
      ids_(world.seed, event_id_stream),
      client_(loop_, {}) {
    world_.events = this;
}

WebhookSender::~WebhookSender() {
    world_.events = nullptr;
}

std::string WebhookSender::new_event_id() {
    return "evt_" + ids_.hex(24);
}

void WebhookSender::add_endpoints(const Row& row, std::string_view name, std::vector<Endpoint>& all)
    const {
    if (!row.facets.active) return;
    const auto webhook = load(row);
    const auto retries = whole_of(webhook, "defaultMaxRetries", 4);
    for (const auto& each : webhook.at("endpoints")) {
        if (text_of(each, "eventType") != name || !is_true(each, "isActive")) continue;
        Endpoint endpoint;
        endpoint.space = row.space;
        endpoint.webhook_id = row.id;
        endpoint.organization = text_of(webhook, "tenantId");
        endpoint.url = text_of(each, "url");
        endpoint.secret = text_of(each, "secret");
        const auto* config = member(each, "retryConfig");
        const auto own = config ? whole_of(*config, "maxRetries", retries) : retries;
        endpoint.attempts = 1 + static_cast<int>(std::clamp<std::int64_t>(own, 0, most_retries));
        if (config) endpoint.timeout = milliseconds(whole_of(*config, "timeout", 30'000));
        all.push_back(std::move(endpoint));
    }
}

std::vector<WebhookSender::Endpoint> WebhookSender::endpoints(
    std::string_view space, std::string_view name
) const {
    std::vector<Endpoint> all;
    for (const auto* row : world_.state.table(Kind::webhooks).rows(space)) {
        add_endpoints(*row, name, all);
    }
    return all;
}

bool WebhookSender::wants(std::string_view space, std::string_view name) const {
    return !world_.state.table(Kind::webhooks).rows(space).empty() &&
           !endpoints(space, name).empty();
}

void WebhookSender::tell(PlatformEvent event) {
    for (auto& endpoint : endpoints(event.space, event.name)) {
        if (!event.organization.empty()) endpoint.organization = event.organization;
        Message message;
        message.id = new_event_id();
        message.event = event.name;
        message.data = event.data;
        message.sdk_key = options_.sdk_key;
        ++under_way_;
        asio::co_spawn(
            loop_, deliver_until_done(std::move(endpoint), std::move(message)), asio::detached
        );
    }
}

void WebhookSender::tell_url(std::string url, std::string body) {
    asio::co_spawn(loop_, send_plain(std::move(url), std::move(body)), asio::detached);
}

net::Request WebhookSender::request_for(const Endpoint& to, const Message& message, int attempt)
    const {
    const auto time = std::to_string(unix_now() - message.age.count());
    std::string body = R"({"id":)" + json_string(message.id);
    body += R"(,"event":)" + json_string(message.event) + R"(,"timestamp":)" + time;
    body += R"(,"organization_id":)" + json_string(to.organization);
    body += R"(,"webhook_id":)" + json_string(to.webhook_id) + R"(,"data":)" + message.data;
    body += R"(,"metadata":{"source":"clubify-sandbox","attempt":)" + std::to_string(attempt);
    if (message.padding > 0) body += R"(,"padding":")" + std::string(message.padding, 'x') + '"';
    body += R"(,"test_mode":)";
    body += to.space.starts_with("live:") ? "false}}" : "true}}";

    auto key = std::optional<std::string>(to.secret);
    if (message.sdk_key) key = receiver_key(to.secret);
    const auto signed_with = message.forged ? "forged:" + to.secret : key.value_or(to.secret);
    const auto signature = to_hex(bytes_of(hmac_sha256(signed_with, body)));
    net::Request request;
    request.method = "POST";
    request.headers = {
        {"Content-Type", "application/json"},
        {"User-Agent", "Clubify-Webhook/1.0"},
        {"X-Clubify-Signature", signature},
        {"X-Webhook-Signature", "sha256=" + signature},
        {"X-Clubify-Timestamp", time},
        {"X-Clubify-Event", message.event},
        {"X-Clubify-Webhook-Id", to.webhook_id},
        {"X-Organization-ID", to.organization},
    };
    request.body = std::move(body);
    return request;
}

asio::awaitable<WebhookSender::Sent> WebhookSender::send(
    Endpoint to, Message message, int attempt
) {
    Sent sent;
    if (auto target = webhook_target(to.url)) {
        auto request = request_for(to, message, attempt);
        request.target = target->target;
        auto response =
            co_await client_.send(target->base, to.space, std::move(request), to.timeout);
        if (response) sent = {response->status, std::move(response->body)};
    }
    if (attempts_.size() >= most_attempts_kept) attempts_.pop_front();
    attempts_.push_back(
        {message.id, message.event, to.url, attempt, sent.status, world_.clock.now()}
    );
    co_return sent;
}

asio::awaitable<void> WebhookSender::deliver_until_done(Endpoint to, Message message) {
    auto pause = first_pause;
    bool delivered = false;
    for (int attempt = 1; attempt <= to.attempts; ++attempt) {
        const auto sent = co_await send(to, message, attempt);
        delivered = sent.status >= 200 && sent.status < 300;
        const bool refused = sent.status >= 400 && sent.status < 500;
        if (delivered || refused || attempt == to.attempts) break;
        const auto wait = static_cast<double>(pause.count()) / options_.speed;
        co_await net::wait_for(milliseconds(std::llround(wait)));
        pause *= 2;
    }
    --under_way_;
    note_end(to, delivered);
}

void WebhookSender::note_end(const Endpoint& to, bool delivered) {
    const auto* row = world_.state.table(Kind::webhooks).find(to.space, to.webhook_id);
    if (!row) return;
    auto webhook = load(*row);
    const auto add = [&](const char* name) { webhook[name] = whole_of(webhook, name, 0) + 1; };
    add("totalDeliveries");
    add(delivered ? "successfulDeliveries" : "failedDeliveries");
    if (delivered) {
        webhook["failureCount"] = 0;
    } else {
        add("failureCount");
        if (whole_of(webhook, "failureCount", 0) >= failures_that_deactivate) {
            webhook["isActive"] = false;
        }
    }
    world_.state.put(Kind::webhooks, to.space, to.webhook_id, webhook);
}

asio::awaitable<void> WebhookSender::send_plain(std::string url, std::string body) {
    const auto target = webhook_target(url);
    if (!target) co_return;
    net::Request request;
    request.method = "POST";
    request.target = target->target;
    request.headers = {{"Content-Type", "application/json"}, {"User-Agent", "Clubify-Webhook/1.0"}};
    request.body = std::move(body);
    const auto response =
        co_await client_.send(target->base, "test", std::move(request), control_timeout);
    attempts_.push_back({"", "test", url, 1, response ? response->status : 0, world_.clock.now()});
}

std::expected<std::vector<WebhookSender::Endpoint>, Refusal> WebhookSender::targets(
    const Json& request, std::string_view name
) const {
    std::vector<Endpoint> all;
    const auto tenant = text_of(request, "tenant_id");
    if (request.contains("url")) {
        Endpoint endpoint;
        endpoint.space = "test:" + std::string(tenant);
        endpoint.url = text_of(request, "url");
        endpoint.secret = text_of(request, "secret");
        endpoint.organization = text_of(request, "organization_id");
        if (!may_deliver_to(endpoint.url)) {
            return std::unexpected(bad_request("url is not valid", "invalid_url"));
        }
        all.push_back(std::move(endpoint));
        return all;
    }
    for (const auto* row : world_.state.table(Kind::webhooks).all()) {
        if (tenant.empty() || tenant_of(row->space) == tenant) add_endpoints(*row, name, all);
    }
    if (all.empty()) {
        return std::unexpected(bad_request("no webhook wants this event", "no_webhook"));
    }
    return all;
}

asio::awaitable<Result> WebhookSender::deliver(Json request) {
    auto events = Json::array();
    if (const auto* list = member(request, "events"); list && list->is_array()) {
        events = *list;
    } else {
        events.push_back(request);
    }
    const auto age = std::chrono::seconds(whole_of(request, "age_seconds", 0));
    const auto padding =
        std::clamp<std::int64_t>(whole_of(request, "pad_bytes", 0), 0, most_padding);
    std::vector<Message> messages;
    for (const auto& event : events) {
        Message message;
        message.event = text_of(event, "event");
        if (message.event.empty()) {
            co_return std::unexpected(bad_request("event is required", "validation_failed"));
        }
        const auto* data = member(event, "data");
        message.data = data ? data->dump() : "{}";
        message.id = text_of(event, "id");
        if (message.id.empty()) message.id = new_event_id();
        message.age = age;
        message.forged = is_true(request, "forge");
        message.sdk_key = options_.sdk_key || text_of(request, "key") == "sdk";
        message.padding = static_cast<std::size_t>(padding);
        messages.push_back(std::move(message));
    }
    if (is_true(request, "reverse")) std::ranges::reverse(messages);
    const auto repeat = std::clamp<std::int64_t>(whole_of(request, "repeat", 1), 1, most_repeats);
    auto deliveries = Json::array();
    for (std::int64_t round = 1; round <= repeat; ++round) {
        for (const auto& message : messages) {
            const auto to = targets(request, message.event);
            if (!to) co_return std::unexpected(to.error());
            for (const auto& endpoint : *to) {
                const auto sent = co_await send(endpoint, message, static_cast<int>(round));
                deliveries.push_back(
                    {{"id", message.id},
                     {"event", message.event},
                     {"url", endpoint.url},
                     {"status", sent.status},
                     {"body", sent.body}}
                );
            }
        }
    }
    const Json answer{{"deliveries", std::move(deliveries)}};
    co_return Reply{200, answer.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::string WebhookSender::log() const {
    auto list = Json::array();
    for (const auto& attempt : attempts_) {
        list.push_back(
            {{"id", attempt.id},
             {"event", attempt.event},
             {"url", attempt.url},
             {"attempt", attempt.number},
             {"status", attempt.status},
             {"time", format_time(attempt.time)}}
        );
    }
    return Json{{"attempts", std::move(list)}, {"under_way", under_way_}}.dump();
}

}  // namespace vitrine::sandbox
