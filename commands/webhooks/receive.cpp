#include "commands/webhooks/receive.hpp"

#include "commands/problem_of.hpp"
#include "commands/webhooks/delivery.hpp"
#include "commands/webhooks/order_facts.hpp"
#include "commands/webhooks/signature.hpp"
#include "events/new_event.hpp"
#include "events/webhooks.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

constexpr std::chrono::seconds tolerance{300};

WebhookReply refused(WebhookOutcome outcome, Problem problem) {
    WebhookReply reply;
    reply.outcome = outcome;
    reply.problem = std::move(problem);
    return reply;
}

bool is_fresh(const std::optional<std::string>& timestamp, Timestamp now) {
    if (!timestamp) return false;
    const auto time = parse_webhook_time(*timestamp);
    return time && *time >= now - tolerance && *time <= now + tolerance;
}

/// Why it was ignored, or what of it was not understood.
const Phrase& reason_of(const Delivery& delivery) {
    return delivery.unclear.empty() ? delivery.ignored : delivery.unclear;
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
        return events::new_event(EventId(new_id()), std::move(encoded), text, now);
    };
    store::Append append;
    append.tenant = request.tenant;
    const events::ClubifyWebhookReceived received{
        delivery.id,
        delivery.event,
        delivery.sent_at,
        request.body,
        delivery.ignored.english(),
        delivery.unclear.english(),
        reason_of(delivery).in(Language::portuguese),
        request.customer_of ? request.customer_of(named_customer(request.body)) : std::nullopt
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

/// Only the delivery's own stream expects a version.
bool is_taken(const store::AppendError& error) {
    return error.kind == store::AppendError::Kind::conflict;
}

/// Whether the id stands for another delivery already: of another event, or about another order.
/// The same delivery is about the same, whatever else a retry changes. Where reads may block.
bool was_another(store::EventStore& store, const TenantId& tenant, const Delivery& delivery) {
    const auto events = store.read_stream(
        tenant, StreamName("webhook-" + delivery.id), 1, 1, store::Direction::forwards
    );
    if (events.empty()) return false;
    const auto received = events::decode<events::ClubifyWebhookReceived>(events.front());
    if (!received) return false;
    const auto before = parse_delivery(received->raw.text());
    return before && (before->event != delivery.event || before->stream != delivery.stream);
}

/// An amount of which nobody knows the currency counts, but in no currency.
void note_currency(const WebhookRequest& request, Delivery& delivery) {
    if (!delivery.order || !delivery.unclear.empty()) return;
    const auto& order = *delivery.order;
    if (!settles(order) || !order.amount_cents || order.currency) return;
    if (order.clubify_offer_id && request.knows_currency_of &&
        request.knows_currency_of(*order.clubify_offer_id))
        return;
    delivery.unclear = no_currency;
}

WebhookReply kept(const Delivery& delivery) {
    WebhookReply reply;
    reply.outcome = WebhookOutcome::accepted;
    reply.delivery_id = delivery.id;
    reply.unclear = !delivery.unclear.empty();
    reply.reason = reason_of(delivery);
    if (!delivery.order)
        reply.outcome = reply.unclear ? WebhookOutcome::unclear : WebhookOutcome::ignored;
    return reply;
}

}  // namespace

std::string_view webhook_outcome_name(WebhookOutcome outcome) {
    switch (outcome) {
        case WebhookOutcome::accepted:
            return "accepted";
        case WebhookOutcome::ignored:
            return "ignored";
        case WebhookOutcome::unclear:
            return "unclear";
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
    auto delivery = parse_delivery(request.body);
    if (!delivery) {
        auto problem = problem_named("malformed-request", delivery.error().detail);
        problem.faults = {delivery.error()};
        co_return refused(WebhookOutcome::malformed, std::move(problem));
    }
    note_currency(request, *delivery);
    auto appended = co_await store::append_to(*store, append_of(request, *delivery, now, new_id));
    const auto was_told = [&] { return was_another(*store, request.tenant, *delivery); };
    if (!appended && is_taken(appended.error()) && co_await store::read(*store, was_told)) {
        delivery->id = distinct_id(*delivery);
        if (delivery->order) delivery->order->delivery_id = delivery->id;
        appended = co_await store::append_to(*store, append_of(request, *delivery, now, new_id));
    }
    if (appended) co_return kept(*delivery);
    if (is_taken(appended.error())) {
        WebhookReply reply;
        reply.outcome = WebhookOutcome::duplicate;
        reply.delivery_id = delivery->id;
        co_return reply;
    }
    co_return refused(WebhookOutcome::not_kept, problem_of(appended.error()));
}

}  // namespace vitrine::commands
