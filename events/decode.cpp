#include "events/decode.hpp"

#include "core/shortest_numbers.hpp"
#include "events/catalogue.hpp"

namespace vitrine::events {

Encoded encode_as(std::string_view type, const Json& json) {
    return {std::string(type), find_event_type(type)->schema(), with_shortest_numbers(json.dump())};
}

Json current_payload(const RecordedEvent& event) {
    const auto* type = find_event_type(event.type);
    if (type == nullptr) throw UnreadableEvent(event, "its type is not in the catalogue");
    if (event.schema == type->schema()) return Json::parse(event.data);
    return Json::parse(upcast(*type, event.schema, event.data));
}

}  // namespace vitrine::events
