// Payloads of events: a line "TYPE SCHEMA", then the JSON. What can be decoded is the same after it
// was encoded again.

#include "events/codec.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

#include "events/catalogue.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::events;

RecordedEvent recorded(const EventType& type, int schema, std::string data) {
    RecordedEvent event;
    event.position = 1;
    event.version = 1;
    event.tenant = TenantId("acme");
    event.stream = StreamName(std::string(type.category) + "-0190b4e0-0000-7000-8000-000000000001");
    event.type = type.name;
    event.schema = schema;
    event.data = std::move(data);
    return event;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [line, payload] = fuzz::split_line(fuzz::text_of(data, size));
    const auto space = std::min(line.find(' '), line.size());
    const auto* type = find_event_type(line.substr(0, space));
    if (type == nullptr) return 0;
    int schema = 1;
    std::from_chars(
        line.data() + std::min(space + 1, line.size()), line.data() + line.size(), schema
    );
    std::optional<Encoded> first;
    try {
        first = decode_and_encode(recorded(*type, schema, std::string(payload)));
    } catch (const std::runtime_error&) {
        return 0;  // it says that the payload is none of its type
    }
    fuzz::require(first.has_value(), "every type of the catalogue has a decoder");
    const auto second = decode_and_encode(recorded(*type, first->schema, first->data));
    fuzz::require(second == first, "encoded, decoded and encoded again is the same");
    return 0;
}
