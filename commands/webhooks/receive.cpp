#include "commands/webhooks/receive.hpp"

#include "commands/problem_of.hpp"
#include "commands/webhooks/delivery.hpp"
#include "commands/webhooks/signature.hpp"
#include "core/async.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {
namespace {

constexpr std::chrono::seconds tolerance{300};

WebhookReply refused(WebhookOutcome outcome, Problem problem) {
    return {outcome, {}, std::move(problem)};
}

bool is_fresh(const std::optional<std::string>& timestamp, Timestamp now) {
    if (!timestamp) return false;
    const auto time = parse_webhook_time(*timestamp);
    return time && *time >= now - tolerance && *time <= now + tolerance;
}

store::Append append_of(
    const WebhookRequest& request, const Delivery& delivery, Timestamp now, const UuidSource& new_id
) {
    events::Metadata metadata;
    metadata.correlation_id = CorrelationId(delivery.id);
    metadata.causation_id = delivery.id;
    metadata.actor = "clubify";
    metadata.traceparent = request.traceparent;
    const auto text = events::encode_metadata(metadata);
    const auto event = [&](events::Encoded encoded) {
        return events::NewEvent{
            EventId(new_id()),
            std::move(encoded.type),
            encoded.schema,
            std::move(encoded.data),
            text,
            now
        };
    };
    store::Append append;
    append.tenant = request.tenant;
    const events::ClubifyWebhookReceived received{
        delivery.id, delivery.event, delivery.sent_at, request.body, delivery.ignored
    };
    append.streams.push_back(
        {StreamName("webhook-" + delivery.id),
         store::ExpectedVersion::no_stream(),
         {event(events::encode(received))}}
    );
    if (delivery.order) {
        append.streams.push_back(
            {StreamName(delivery.stream),
             store::ExpectedVersion::any(),
             {event(events::encode(*delivery.order))}}
        );
    }
    return append;
}

}  // namespace

std::string_view webhook_outcome_name(WebhookOutcome outcome) {
    switch (outcome) {
        case WebhookOutcome::accepted:
            return "accepted";
        case WebhookOutcome::ignored:
            return "ignored";
        case WebhookOutcome::duplicate:
            return "duplicate";
        case WebhookOutcome::forged:
            return "forged";
        case WebhookOutcome::stale:
            return "stale";
        case WebhookOutcome::malformed:
            return "malformed";
        case WebhookOutcome::not_kept:
            return "not_kept";
    }
    return {};
}

boost::asio::awaitable<WebhookReply> receive_webhook(
    store::EventStore* store, Clock clock, UuidSource new_id, WebhookRequest request
) {
    if (!request.secret || !request.signature ||
        !is_signed_with(*request.secret, request.body, *request.signature)) {
        co_return refused(WebhookOutcome::forged, problem_named("webhook-signature", {}));
    }
    const auto now = clock();
    if (!is_fresh(request.timestamp, now)) {
        co_return refused(WebhookOutcome::stale, problem_named("webhook-timestamp", {}));
    }
    const auto delivery = parse_delivery(request.body);
    if (!delivery) {
        auto problem = problem_named("malformed-request", delivery.error().detail);
        problem.faults = {delivery.error()};
        co_return refused(WebhookOutcome::malformed, std::move(problem));
    }
    auto append = append_of(request, *delivery, now, new_id);
    const auto appended = co_await wait_for_completion<store::AppendResult>(
        [store, append = std::move(append)](Completion<store::AppendResult> done) mutable {
            store->append(std::move(append), std::move(done));
        }
    );
    if (appended) {
        const auto outcome = delivery->order ? WebhookOutcome::accepted : WebhookOutcome::ignored;
        co_return WebhookReply{outcome, delivery->id, std::nullopt};
    }
    // Only the delivery's own stream expects a version.
    if (appended.error().kind == store::AppendError::Kind::conflict)
        co_return WebhookReply{WebhookOutcome::duplicate, delivery->id, std::nullopt};
    co_return refused(WebhookOutcome::not_kept, problem_of(appended.error()));
}

}  // namespace vitrine::commands
