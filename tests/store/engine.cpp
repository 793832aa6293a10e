#include "tests/store/engine.hpp"

#include <stdlib.h>

#include "core/uuid.hpp"

namespace vitrine::store::testing {

TemporaryFolder::TemporaryFolder(const std::filesystem::path& in) {
    auto name = (in / "vitrine-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string fresh_id() {
    static const auto source = uuid_v7_source(system_clock());
    return source();
}

NewEvent event_of(std::string type, std::string data) {
    NewEvent event;
    event.id = EventId(fresh_id());
    event.type = std::move(type);
    event.data = std::move(data);
    event.metadata = R"({"correlation_id":"c","command_id":"d","actor":"key:test"})";
    event.occurred_at = Timestamp(std::chrono::microseconds(1'600'000'000'123'456));
    return event;
}

std::vector<NewEvent> events_of(std::string type, std::size_t count) {
    std::vector<NewEvent> events;
    for (std::size_t i = 0; i < count; ++i) {
        events.push_back(event_of(type, "{\"n\":" + std::to_string(i) + "}"));
    }
    return events;
}

Append append_to(
    const TenantId& tenant,
    const std::string& stream,
    ExpectedVersion expected,
    std::vector<NewEvent> events
) {
    Append append;
    append.tenant = tenant;
    append.streams.push_back({StreamName(stream), expected, std::move(events)});
    return append;
}

Append journal_only(JournalWrite write) {
    Append append;
    append.tenant = acme;
    append.journal = std::move(write);
    return append;
}

AppendResult append(EventStore& store, Append append) {
    AppendResult result;
    Countdown answered(1);
    store.append(std::move(append), [&](AppendResult answer) {
        result = std::move(answer);
        answered.count_down();
    });
    answered.wait();
    return result;
}

AppendResult append(
    EventStore& store,
    const std::string& stream,
    ExpectedVersion expected,
    std::vector<NewEvent> events
) {
    return append(store, append_to(acme, stream, expected, std::move(events)));
}

std::vector<RecordedEvent> all(EventStore& store) {
    return store.read_all(1, {}, 1'000'000, Direction::forwards);
}

std::vector<Position> positions_of(const std::vector<RecordedEvent>& events) {
    std::vector<Position> positions;
    for (const auto& event : events) positions.push_back(event.position);
    return positions;
}

CommandHead head_of(const std::string& command, std::optional<std::string> key) {
    CommandHead head;
    head.id = CommandId(command);
    head.name = "CreateOffer";
    head.idempotency_key = std::move(key);
    head.fingerprint = "fingerprint";
    head.principal = "key:test";
    head.correlation_id = CorrelationId("correlation");
    head.traceparent = "00-trace";
    head.stream = StreamName("offer-1");
    head.body = JsonText(R"({"name":"Café"})");
    head.accepted_at = Timestamp(std::chrono::microseconds(1'600'000'000'000'007));
    return head;
}

Accept accept_of(CommandHead head, std::vector<Claim> claims, Lease lease) {
    return {std::move(head), JsonText(R"({"steps":[]})"), std::move(claims), std::move(lease)};
}

Conclude conclude_of(CommandHead head, CommandState state) {
    Conclude conclude;
    conclude.head = std::move(head);
    conclude.state = state;
    conclude.answer.status = 201;
    conclude.answer.body = JsonText(R"({"status":"draft"})");
    conclude.answer.version = 1;
    conclude.answer.location = "/v1/offers/1";
    conclude.succeeded = true;
    return conclude;
}

}  // namespace vitrine::store::testing
