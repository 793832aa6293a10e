#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <vector>

#include "net/client.hpp"
#include "sandbox/events.hpp"
#include "sandbox/refusal.hpp"
#include "sandbox/world.hpp"

namespace vitrine::sandbox {

struct WebhookOptions {
    double speed = 1;      // the pauses between attempts are divided by it
    bool sdk_key = false;  // sign with the key that the platform's own receiver derives
};

/// Delivers the platform's events to the webhooks configured.
///
/// Operation: each delivery is signed over the bytes sent and tried up to 1 + maxRetries times (5
/// unless configured), after 1, 2, 4, 8, 16 s; an answer of 4xx ends it. A configuration with five
/// failed deliveries in a row is deactivated. Times in deliveries are the machine's: receivers
/// compare them with theirs. In memory. Concurrency: all on one loop, which it does not outlive.
class WebhookSender : public EventListener {
public:
    WebhookSender(boost::asio::any_io_executor loop, World& world, WebhookOptions options);
    ~WebhookSender() override;

    bool wants(std::string_view space, std::string_view name) const override;
    void tell(PlatformEvent event) override;
    void tell_url(std::string url, std::string body) override;

    /// POST /_sandbox/webhooks/deliver: sends events now, once each, and answers what came back.
    boost::asio::awaitable<Result> deliver(Json request);

    /// `{"attempts":[{id,event,url,attempt,status,time}…],"under_way":N}`, the newest 10,000.
    std::string log() const;

private:
    struct Endpoint {
        std::string space, webhook_id, organization, url, secret;
        int attempts = 5;
        std::chrono::milliseconds timeout{30'000};
    };
    struct Message {
        std::string id, event, data;
        std::chrono::seconds age{0};  // how old its timestamp says it is
        bool forged = false;
        bool sdk_key = false;
        std::size_t padding = 0;  // bytes more in the body
    };
    struct Sent {
        int status = 0;  // 0: no answer
        std::string body;
    };
    struct Attempt {
        std::string id, event, url;
        int number = 0;
        int status = 0;
        Timestamp time;
    };

    std::vector<Endpoint> endpoints(std::string_view space, std::string_view name) const;
    void add_endpoints(const Row& row, std::string_view name, std::vector<Endpoint>& all) const;
    std::expected<std::vector<Endpoint>, Refusal> targets(
        const Json& request, std::string_view name
    ) const;
    net::Request request_for(const Endpoint& to, const Message& message, int attempt) const;
    boost::asio::awaitable<Sent> send(Endpoint to, Message message, int attempt);
    boost::asio::awaitable<void> deliver_until_done(Endpoint to, Message message);
    boost::asio::awaitable<void> send_plain(std::string url, std::string body);
    void note_end(const Endpoint& to, bool delivered);
    std::string new_event_id();

    boost::asio::any_io_executor loop_;
    World& world_;
    WebhookOptions options_;
    Random ids_;
    net::Client client_;
    std::deque<Attempt> attempts_;
    std::size_t under_way_ = 0;
};

}  // namespace vitrine::sandbox
