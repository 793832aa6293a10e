#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "commands/problem.hpp"
#include "commands/webhooks/named_customer.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/customers.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// A webhook as it came in over HTTP.
struct WebhookRequest {
    TenantId tenant;
    std::optional<std::string> secret;     // nullopt: no such tenant, or it has none
    std::string body;                      // the bytes that are signed
    std::optional<std::string> signature;  // X-Clubify-Signature or X-Webhook-Signature
    std::optional<std::string> timestamp;  // X-Clubify-Timestamp or X-Timestamp
    std::string traceparent;
    /// Whether the currency of an offer of the platform is known. Without it none is.
    std::function<bool(const ClubifyId&)> knows_currency_of;
    /// Who of ours that is, under whose key the body is sealed then. Without it nobody is known.
    std::function<std::optional<events::CustomerId>(const NamedCustomer&)> customer_of = {};
};

enum class WebhookOutcome {
    accepted,
    ignored,    // kept, but no event of ours comes of it
    unclear,    // likewise, because it was not understood
    duplicate,  // was kept before
    forged,     // 401: no good signature; an unknown tenant looks the same
    stale,      // 400: no time, or one more than 300 s away from ours
    malformed,  // 400
    not_kept,   // 503, 507: the platform sends it again
};

inline constexpr WebhookOutcome webhook_outcomes[] = {
    WebhookOutcome::accepted,
    WebhookOutcome::ignored,
    WebhookOutcome::unclear,
    WebhookOutcome::duplicate,
    WebhookOutcome::forged,
    WebhookOutcome::stale,
    WebhookOutcome::malformed,
    WebhookOutcome::not_kept
};

std::string_view webhook_outcome_name(WebhookOutcome outcome);

struct WebhookReply {
    WebhookOutcome outcome{};
    std::string delivery_id;         // of accepted, ignored, unclear, duplicate
    std::optional<Problem> problem;  // of the others
    Phrase reason;                   // why it was ignored, or what is unclear of it
    bool unclear = false;            // something of it was not understood, whatever came of it
};

/// Checks a webhook and keeps it with what it tells in one commit; replies when that is on disk.
/// The same delivery is kept once, however often and in whichever order it comes. Concurrency: any
/// loop.
boost::asio::awaitable<WebhookReply> receive_webhook(
    store::EventStore* store, Clock clock, UuidSource new_id, WebhookRequest request
);

}  // namespace vitrine::commands
