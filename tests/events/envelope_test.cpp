#include <nlohmann/json.hpp>

#include "events/cloud_event.hpp"
#include "events/envelope.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

events::RecordedEvent offer_paused() {
    events::RecordedEvent event;
    event.position = 123;
    event.id = EventId("e1");
    event.tenant = TenantId("acme");
    event.stream = StreamName("offer-o1");
    event.version = 4;
    event.type = "OfferPaused";
    event.data = R"({"offer_id":"o1"})";
    event.metadata =
        events::encode_metadata({CorrelationId("r1"), "", CommandId("c1"), "key:k", ""});
    event.recorded_at = *parse_time("2011-04-01T03:00:00.000001Z");
    return event;
}

}  // namespace

TEST_CASE("a stream's name tells category and id", "[events]") {
    const auto stream = events::stream_of(OfferId("0190b4e0-0000-7000-8000-000000000001"));
    CHECK(stream.str() == "offer-0190b4e0-0000-7000-8000-000000000001");
    CHECK(events::category_of(stream) == "offer");
    CHECK(events::id_of(stream) == "0190b4e0-0000-7000-8000-000000000001");
}

TEST_CASE("metadata comes back as it was written", "[events]") {
    const events::Metadata metadata{
        CorrelationId("req \"1\""), "cause", CommandId("c"), "key:vtr_1", "00-aa-bb-01"
    };
    CHECK(events::decode_metadata(events::encode_metadata(metadata)) == metadata);
    const events::Metadata least{CorrelationId("r"), "", CommandId("c"), "", ""};
    CHECK(events::decode_metadata(events::encode_metadata(least)) == least);
    CHECK_THROWS(events::decode_metadata("{"));
}

TEST_CASE("a CloudEvent has the attributes of the contract, numbers as strings", "[events]") {
    const auto event = offer_paused();
    CHECK(nlohmann::json::parse(events::to_cloud_event(event)) == nlohmann::json::parse(R"({
            "specversion":"1.0","id":"e1","source":"/tenants/acme","type":"OfferPaused","subject":"offer-o1",
            "time":"2011-04-01T03:00:00.000001Z","datacontenttype":"application/json","data":{"offer_id":"o1"},
            "position":"123","streamversion":"4","schemaversion":"1","correlationid":"r1","causationid":"c1","commandid":"c1",
            "actor":"key:k"})"));
    CHECK(events::to_cloud_event(event).find('\n') == std::string::npos);
}

TEST_CASE("a CloudEvent is these bytes, which webhooks sign and replays repeat", "[events]") {
    auto event = offer_paused();
    event.data = "{ \"reason\" : \"a \\u00e9 é\" }";  // as it is stored
    CHECK(
        events::to_cloud_event(event) ==
        R"({"specversion":"1.0","id":"e1","source":"/tenants/acme","type":"OfferPaused",)"
        R"("subject":"offer-o1","time":"2011-04-01T03:00:00.000001Z",)"
        R"("datacontenttype":"application/json","data":{ "reason" : "a \u00e9 é" },)"
        R"("position":"123","streamversion":"4","schemaversion":"1","correlationid":"r1",)"
        R"("causationid":"c1","commandid":"c1","actor":"key:k"})"
    );
}

TEST_CASE("a CloudEvent of what cannot be read is JSON and says so", "[events]") {
    auto event = offer_paused();
    const bool of_data = GENERATE(true, false);
    (of_data ? event.data : event.metadata) =
        GENERATE(R"({"offer_id":)", "{\"offer_id\":\"\xff\"}");
    const auto json = nlohmann::json::parse(events::to_cloud_event(event));
    CHECK(json["data"].is_null());
    CHECK_FALSE(json["unreadable"].get<std::string>().empty());
    CHECK(json["position"] == "123");
    CHECK(json["subject"] == "offer-o1");
}
