// What a webhook says of an event, whatever the log holds of it: a line "TYPE SCHEMA", a line of
// metadata, then the data. The message is one CloudEvent with the event's id, the same bytes each
// time; its headers are lines of their own, and its signatures are of what is sent.

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "deliveries/webhooks/endpoint_receiver.hpp"
#include "gateways/webhooks_out/signature.hpp"
#include "net/request_head.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

namespace {

constexpr const char* id = "0190b4e0-0000-7000-8000-000000000002";
constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const Timestamp now(std::chrono::seconds(1'795'435'200));

events::RecordedEvent event_of(
    std::string_view head, std::string_view metadata, std::string_view data
) {
    const auto space = std::min(head.find(' '), head.size());
    events::RecordedEvent event;
    event.position = 7;
    event.version = 3;
    event.id = EventId(id);
    event.tenant = TenantId("acme");
    event.stream = StreamName("offer-0190b4e0-0000-7000-8000-000000000001");
    event.type = head.substr(0, space);
    event.schema = 1;
    std::from_chars(
        head.data() + std::min(space + 1, head.size()), head.data() + head.size(), event.schema
    );
    event.metadata = metadata;
    event.data = data;
    event.recorded_at = now;
    return event;
}

void check_body(const events::RecordedEvent& event, const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    fuzz::require(json.is_object(), "it is one JSON object");
    fuzz::require(json.value("specversion", "") == "1.0", "it is a CloudEvent");
    fuzz::require(json.value("id", "") == id, "it has the event's id");
    fuzz::require(json.value("type", "") == event.type, "and type");
    fuzz::require(json.contains("data"), "it says what happened");
    fuzz::require(
        !json.contains("unreadable") || json["data"].is_null(), "or that it cannot be read"
    );
    fuzz::require(
        event.data.contains('\n') || !body.contains('\n'), "it is one line, as the data is"
    );
}

void check_headers(const deliveries::Message& message, const std::string& legacy_header) {
    const webhooks_out::Message sent{message.id.str(), message.type, message.body};
    const auto headers = webhooks_out::headers_of(sent, {{secret, secret}, legacy_header}, now);
    const auto signature = webhooks_out::signature_of(
        *webhooks_out::key_of(secret),
        sent.id,
        now.time_since_epoch() / std::chrono::seconds(1),
        sent.body
    );
    fuzz::require(
        headers.find("webhook-signature") == signature + ' ' + signature, "each secret signs"
    );
    net::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = headers;
    request.body = sent.body;
    const auto head =
        net::request_head({.tls = true, .host = "a.example", .port = 443, .prefix = ""}, request);
    if (!head) return;  // one that would break the header apart is not sent
    const auto lines = std::count(head->begin(), head->end(), '\n');
    const auto named = std::distance(headers.begin(), headers.end());
    // The request line, Host, Accept-Encoding, Content-Length and the empty line.
    fuzz::require(lines == named + 5, "a header is one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [head, rest] = fuzz::split_line(fuzz::text_of(data, size));
    const auto [metadata, payload] = fuzz::split_line(rest);
    if (!is_utf8(head)) return 0;  // the log takes none
    const auto event = event_of(head, metadata, payload);
    const auto message = deliveries::webhook_message(event);
    fuzz::require(message.id == event.id, "the message's id is the event's");
    fuzz::require(deliveries::webhook_message(event) == message, "it is the same each time");
    check_body(event, message.body);
    check_headers(message, "X-Clubify-Signature");
    check_headers(message, "");
    return 0;
}
