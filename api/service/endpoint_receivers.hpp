#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "commands/endpoints/secrets.hpp"
#include "commands/engine/bus.hpp"
#include "deliveries/runner.hpp"
#include "deliveries/webhooks/directory.hpp"
#include "deliveries/webhooks/endpoint_receiver.hpp"
#include "projections/projections.hpp"
#include "store/keys.hpp"
#include "store/people_keys.hpp"

namespace vitrine::api {

/// What it works with; references outlive it.
struct EndpointParts {
    boost::asio::any_io_executor loop;  // the main one
    store::EventStore& store;
    const projections::Projections& projections;
    store::Keys& keys;
    commands::CommandBus& bus;
    commands::EndpointSecrets& secrets;
    webhooks_out::Sender& sender;
    deliveries::Runner& runner;
    Clock clock;
    store::PeopleKeys& people;
    const UuidSource& new_id;
};

/// Keeps the receivers of the runner as the endpoints are, and disables those that are gone.
///
/// Concurrency: on the main loop.
class EndpointReceivers {
public:
    explicit EndpointReceivers(EndpointParts parts) : parts_(std::move(parts)) {}
    EndpointReceivers(const EndpointReceivers&) = delete;
    EndpointReceivers& operator=(const EndpointReceivers&) = delete;

    /// Sets those there are, and from now on every change. The read models are there.
    void begin();
    /// Looks for changes no more.
    void end() { directory_.reset(); }
    /// The receiver has answered 410 to the event.
    void disable(const deliveries::ReceiverName& name, const EventId& event);

private:
    void set(deliveries::Endpoint endpoint);
    void tell_of_people(const deliveries::Endpoint& endpoint);
    deliveries::WebhookParts webhook_parts();

    EndpointParts parts_;
    std::unique_ptr<deliveries::EndpointDirectory> directory_;
};

}  // namespace vitrine::api
