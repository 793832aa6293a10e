#pragma once

#include <functional>
#include <memory>

#include "deliveries/receiver.hpp"
#include "deliveries/webhooks/endpoint.hpp"
#include "gateways/webhooks_out/sender.hpp"

namespace vitrine::deliveries {

inline constexpr const char* webhook_kind = "webhook";

/// What endpoints send with. References outlive the receivers.
struct WebhookParts {
    webhooks_out::Sender& sender;
    Clock clock;
    /// Those that sign at that time, the newest first.
    std::function<std::vector<std::string>(const Endpoint&, Timestamp)> secrets;
    /// Makes of an event as it is stored what the endpoint may see of people; empty: it is sent as
    /// it stands.
    std::function<void(const Endpoint&, events::RecordedEvent&)> view_people = {};
};

/// What is said of one that nobody was shown a secret of.
inline constexpr Term no_secret{
    "It has no secret to sign with: rotate it.",
    "Não há segredo para assinar: gere um novo com rotate."
};

/// 0 s, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h: a little more than three days.
const Schedule& webhook_schedule();

/// The body is the CloudEvent of the feed.
Message webhook_message(const events::RecordedEvent& event);

std::unique_ptr<Receiver> endpoint_receiver(Endpoint endpoint, const WebhookParts& parts);

}  // namespace vitrine::deliveries
