#include "commands/hooks/receive.hpp"

#include "commands/json.hpp"
#include "commands/plain_id.hpp"
#include "commands/problem_of.hpp"
#include "core/sha256.hpp"
#include "events/hooks.hpp"
#include "events/new_event.hpp"
#include "gateways/pagarme/hook.hpp"
#include "gateways/payments/payments.hpp"
#include "store/append.hpp"

namespace vitrine::commands {
namespace {

HookReply refused(Problem problem) {
    HookReply reply;
    reply.problem = std::move(problem);
    return reply;
}

HookReply malformed(Fault fault) {
    auto problem = problem_named("malformed-request", fault.detail);
    problem.faults = {std::move(fault)};
    return refused(std::move(problem));
}

/// Alone, so that the same hook is kept once.
StreamName stream_of(const std::string& hook_id) {
    return StreamName("hook-" + (is_plain_id(hook_id) ? hook_id : sha256_hex(hook_id)));
}

store::Append append_of(
    const HookRequest& request, const pagarme::Hook& hook, Timestamp now, const UuidSource& new_id
) {
    events::Metadata metadata;
    metadata.correlation_id = CorrelationId(hook.checkout_id);
    metadata.causation_id = hook.id;
    metadata.actor = payments::pagarme;
    metadata.traceparent = request.traceparent;
    const events::PaymentHookReceived received{
        std::string(payments::pagarme),
        hook.id,
        hook.type,
        hook.signal,
        hook.charge_id,
        events::CheckoutId(hook.checkout_id)
    };
    store::Append append;
    append.tenant = request.tenant;
    append.streams.push_back(
        {stream_of(hook.id),
         store::ExpectedVersion::no_stream(),
         {events::new_event(
             EventId(new_id()), events::encode(received), events::encode_metadata(metadata), now
         )}}
    );
    return append;
}

}  // namespace

boost::asio::awaitable<HookReply> receive_hook(
    store::EventStore* store, Clock clock, UuidSource new_id, HookRequest request
) {
    if (!request.credentials || !pagarme::is_hook_of(*request.credentials, request.authorization))
        co_return refused(problem_named("hook-credentials", {}));
    const auto body = read_body(request.body);
    if (!body) co_return malformed(body.error());
    const auto hook = pagarme::read_hook(body->json);
    if (!hook)
        co_return malformed(
            {"/id", "required", {"id and type are required", "id e type são obrigatórios"}}
        );
    HookReply reply;
    reply.hook_id = hook->id;
    reply.status = "ignored";
    if (!is_plain_id(hook->checkout_id)) co_return reply;
    const auto appended =
        co_await store::append_to(*store, append_of(request, *hook, clock(), new_id));
    reply.status = "accepted";
    if (appended) co_return reply;
    if (appended.error().kind != store::AppendError::Kind::conflict)
        co_return refused(problem_of(appended.error()));
    reply.status = "duplicate";
    co_return reply;
}

}  // namespace vitrine::commands
