#include "deliveries/webhooks/endpoint_receiver.hpp"

#include <boost/asio/io_context.hpp>

#include "events/cloud_event.hpp"
#include "events/codec.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::deliveries;
using namespace std::chrono_literals;

namespace {

const TenantId acme("acme");
const events::EndpointId id("e1");

Position add(store::EventStore& log, const events::EndpointEvent& event) {
    auto encoded = events::encode(event);
    store::NewEvent fresh;
    fresh.id = EventId("event-" + std::to_string(log.head() + 1));
    fresh.type = encoded.type;
    fresh.schema = encoded.schema;
    fresh.data = encoded.data;
    fresh.metadata = "{}";
    store::Append change;
    change.tenant = acme;
    change.streams.push_back({StreamName("endpoint-e1"), store::ExpectedVersion::any(), {fresh}});
    Position position = 0;
    log.append(std::move(change), [&](store::AppendResult done) { position = done->last; });
    return position;
}

events::EndpointCreated created() {
    events::EndpointCreated event;
    event.endpoint_id = id;
    event.url = "https://a.example/x";
    event.types = {"OfferCreated"};
    return event;
}

events::RecordedEvent fact(const char* type) {
    events::RecordedEvent event;
    event.position = 7;
    event.id = EventId("0190b4e0-0000-7000-8000-000000000001");
    event.tenant = acme;
    event.stream = StreamName("offer-1");
    event.type = type;
    event.data = R"({"a":1})";
    event.metadata = events::encode_metadata({CorrelationId("c"), "", CommandId("d"), "key:x", ""});
    return event;
}

}  // namespace

TEST_CASE("an endpoint is what its stream says, and gets what comes after its creation") {
    store::MemoryEventStore log(system_clock());
    CHECK_FALSE(load_endpoint(log, acme, id));
    const auto start = add(log, created());
    auto endpoint = load_endpoint(log, acme, id);
    REQUIRE(endpoint);
    CHECK(endpoint->start == start);
    CHECK(endpoint->url == "https://a.example/x");
    CHECK((endpoint->enabled && !endpoint->deleted && !endpoint->all_types));
    CHECK(endpoint->legacy_header.empty());

    events::EndpointChanged changed;
    changed.endpoint_id = id;
    changed.url = "https://b.example";
    changed.types = {"*"};
    changed.legacy_headers = true;
    add(log, changed);
    add(log, events::EndpointSecretRotated{id, 2});
    add(log, events::EndpointDisabled{id, "pausa"});
    endpoint = load_endpoint(log, acme, id);
    CHECK(endpoint->start == start);
    CHECK(endpoint->url == "https://b.example");
    CHECK(endpoint->all_types);
    CHECK(endpoint->legacy_header == "X-Clubify-Signature");
    CHECK(endpoint->secret_number == 2);
    CHECK_FALSE(endpoint->enabled);

    changed = {};
    changed.endpoint_id = id;
    changed.legacy_signature_header = std::string("X-Webhook-Signature");
    add(log, changed);
    add(log, events::EndpointEnabled{id});
    endpoint = load_endpoint(log, acme, id);
    CHECK(endpoint->legacy_header == "X-Webhook-Signature");
    CHECK(endpoint->enabled);
    add(log, events::EndpointDeleted{id});
    CHECK(load_endpoint(log, acme, id)->deleted);
    CHECK_FALSE(load_endpoint(log, TenantId("other"), id));
}

TEST_CASE("an endpoint's receiver wants its types, and its message is the CloudEvent of the feed") {
    boost::asio::io_context loop;
    webhooks_out::Sender sender(loop.get_executor(), {}, system_clock());
    const WebhookParts parts{sender, system_clock(), [](const Endpoint&, Timestamp) {
                                 return std::vector<std::string>();
                             }};
    Endpoint endpoint;
    endpoint.tenant = acme;
    endpoint.id = id;
    endpoint.types = {"OfferCreated"};
    endpoint.start = 3;
    const auto some = endpoint_receiver(endpoint, parts);
    CHECK(some->name() == ReceiverName{acme, "webhook", "e1"});
    CHECK(some->start() == 3);
    CHECK(some->wants(fact("OfferCreated")));
    CHECK_FALSE(some->wants(fact("OfferPaused")));
    CHECK(some->key(fact("OfferCreated")) == "offer-1");
    // Who is sent people is told when one of them is erased.
    CHECK_FALSE(some->wants(fact("CustomerErased")));
    endpoint.people = true;
    CHECK(endpoint_receiver(endpoint, parts)->wants(fact("CustomerErased")));
    CHECK_FALSE(endpoint_receiver(endpoint, parts)->wants(fact("CustomerRegistered")));
    endpoint.all_types = true;
    CHECK(endpoint_receiver(endpoint, parts)->wants(fact("OfferPaused")));

    const auto message = some->message(fact("OfferCreated"));
    CHECK(message.id == fact("OfferCreated").id);
    CHECK(message.body == events::to_cloud_event(fact("OfferCreated")));
    CHECK(some->message(fact("OfferCreated")) == message);
}

TEST_CASE("webhooks are tried as the standard proposes") {
    CHECK(webhook_schedule() == Schedule{0s, 5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h});
}
