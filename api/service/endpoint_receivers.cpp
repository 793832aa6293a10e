#include "api/service/endpoint_receivers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <nlohmann/json.hpp>

#include "api/log/log.hpp"
#include "commands/people/disclosure.hpp"
#include "store/people_store.hpp"
#include "store/people_view.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

constexpr const char* actor = "delivery:webhook";

commands::CommandRequest disabling(const deliveries::ReceiverName& name, const EventId& event) {
    nlohmann::json body;
    body["enabled"] = false;
    body["reason"] = "410 Gone: " + event.str();
    commands::CommandRequest request;
    request.principal.tenant = name.tenant;
    request.principal.role = store::Role::operator_;
    request.principal.name = actor;
    request.name = "EditEndpoint";
    request.method = "PATCH";
    request.path = "/v1/webhook-endpoints/" + name.id;
    request.entity_id = name.id;
    request.body = body.dump();
    request.correlation_id = event.str();
    return request;
}

}  // namespace

void EndpointReceivers::begin() {
    directory_ = std::make_unique<deliveries::EndpointDirectory>(
        parts_.store,
        parts_.projections,
        [this](deliveries::Endpoint endpoint) {
            // At once while it is made, by this loop; later from a thread of its own.
            asio::dispatch(parts_.loop, [this, endpoint = std::move(endpoint)]() mutable {
                set(std::move(endpoint));
            });
        }
    );
}

/// Of a tenant that is retired nothing is sent any more.
void EndpointReceivers::set(deliveries::Endpoint endpoint) {
    const auto tenant = parts_.keys.find_tenant(endpoint.tenant);
    if (endpoint.deleted) parts_.secrets.forget(endpoint.tenant, endpoint.id);
    if (endpoint.deleted || !tenant || tenant->retired_at) {
        parts_.runner.remove({endpoint.tenant, deliveries::webhook_kind, endpoint.id.str()});
    } else {
        if (endpoint.people && endpoint.enabled) tell_of_people(endpoint);
        parts_.runner.set(deliveries::endpoint_receiver(std::move(endpoint), webhook_parts()));
    }
}

/// Whoever gets people is to be told when one of them is erased.
void EndpointReceivers::tell_of_people(const deliveries::Endpoint& endpoint) {
    asio::co_spawn(
        parts_.loop,
        commands::note_people_shown(
            &parts_.store,
            {endpoint.tenant, "endpoint:" + endpoint.id.str(), "webhook"},
            parts_.clock(),
            &parts_.new_id
        ),
        [id = endpoint.id.str()](const std::exception_ptr& error, const auto& told) {
            if (error || !told)
                log::warn("that an endpoint is sent people is not told", {{"endpoint_id", id}});
        }
    );
}

deliveries::WebhookParts EndpointReceivers::webhook_parts() {
    return {
        .sender = parts_.sender,
        .clock = parts_.clock,
        .secrets =
            [&secrets = parts_.secrets](const deliveries::Endpoint& of, Timestamp now) {
                return secrets.signing({of.tenant, of.id, of.secret_number, of.secret_since}, now);
            },
        .view_people =
            [&keys = parts_.people](const deliveries::Endpoint& of, events::RecordedEvent& event) {
                store::view_people(
                    event, keys, of.people ? store::PeopleView::open : store::PeopleView::shown
                );
            }
    };
}

void EndpointReceivers::disable(const deliveries::ReceiverName& name, const EventId& event) {
    asio::co_spawn(
        parts_.loop,
        parts_.bus.handle(disabling(name, event)),
        [id = name.id](const std::exception_ptr& error, const commands::CommandReply& reply) {
            if (error || reply.status >= 400)
                log::warn("an endpoint that is gone is not disabled", {{"endpoint_id", id}});
        }
    );
}

}  // namespace vitrine::api
