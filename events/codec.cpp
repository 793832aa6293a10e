#include "events/codec.hpp"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>

#include "core/shortest_numbers.hpp"
#include "events/aggregates.hpp"
#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

using boost::mp11::mp_for_each;

template <class Event>
bool is_of(std::string_view type) {
    if constexpr (OfManyTypes<Event>) {
        return std::ranges::find(Event::event_types, type, &EventName::name) !=
               std::end(Event::event_types);
    } else {
        return type == Event::event_type;
    }
}

/// The payload at the type's present schema.
Json current_payload(const RecordedEvent& event) {
    const auto* type = find_event_type(event.type);
    if (event.schema == type->schema()) return Json::parse(event.data);
    return Json::parse(upcast(*type, event.schema, event.data));
}

template <class Event>
Event decoded(const RecordedEvent& event) {
    try {
        Event result;
        get_members(current_payload(event), result);
        if constexpr (OfManyTypes<Event>) result.type = event.type;
        return result;
    } catch (const std::runtime_error& error) {
        throw UnreadableEvent(event, error.what());
    } catch (const Json::exception& error) {
        throw UnreadableEvent(event, error.what());
    }
}

template <class Event>
Encoded encoded(const Event& event) {
    std::string type;
    if constexpr (OfManyTypes<Event>) {
        type = event.type;
    } else {
        type = Event::event_type;
    }
    const int schema = find_event_type(type)->schema();
    return {std::move(type), schema, with_shortest_numbers(to_json(event).dump())};
}

template <class... Structs>
Encoded encoded(const std::variant<Structs...>& event) {
    return std::visit([](const auto& each) { return encoded(each); }, event);
}

}  // namespace

template <class Events>
std::optional<Events> decode(const RecordedEvent& event) {
    std::optional<Events> result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, structs_of<Events>>>(
        [&]<class Event>(std::type_identity<Event>) {
            if (!result && is_of<Event>(event.type)) result = decoded<Event>(event);
        }
    );
    return result;
}

std::optional<Encoded> decode_and_encode(const RecordedEvent& event) {
    std::optional<Encoded> result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, Aggregates>>(
        [&]<class Events>(std::type_identity<Events>) {
            if (result) return;
            if (const auto found = decode<Events>(event)) result = encoded(*found);
        }
    );
    return result;
}

template std::optional<OfferEvent> decode(const RecordedEvent&);
template std::optional<ProductEvent> decode(const RecordedEvent&);
template std::optional<CommandFailed> decode(const RecordedEvent&);
template std::optional<ClubifyWebhookReceived> decode(const RecordedEvent&);
template std::optional<ClubifyOrderEvent> decode(const RecordedEvent&);
template std::optional<ProjectionEvent> decode(const RecordedEvent&);
template std::optional<TenantEvent> decode(const RecordedEvent&);
template std::optional<KeyEvent> decode(const RecordedEvent&);

Encoded encode(const OfferEvent& event) {
    return encoded(event);
}
Encoded encode(const ProductEvent& event) {
    return encoded(event);
}
Encoded encode(const CommandFailed& event) {
    return encoded(event);
}
Encoded encode(const ClubifyWebhookReceived& event) {
    return encoded(event);
}
Encoded encode(const ClubifyOrderEvent& event) {
    return encoded(event);
}
Encoded encode(const ProjectionEvent& event) {
    return encoded(event);
}
Encoded encode(const TenantEvent& event) {
    return encoded(event);
}
Encoded encode(const KeyEvent& event) {
    return encoded(event);
}

}  // namespace vitrine::events
