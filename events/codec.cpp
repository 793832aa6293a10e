#include "events/codec.hpp"

#include <boost/mp11/algorithm.hpp>
#include <stdexcept>
#include <typeindex>
#include <unordered_map>

#include "core/shortest_numbers.hpp"
#include "events/aggregates.hpp"
#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {

void put_members(Json& json, const Subject& subject) {
    json[subject.entity + "_id"] = subject.id;
}

/// The one member that names an id, but for the correlation id.
void get_members(const Json& json, Subject& subject) {
    constexpr std::string_view end = "_id";
    for (const auto& [name, value] : json.items()) {
        if (!name.ends_with(end) || name == "correlation_id") continue;
        take_member(value, name.c_str(), subject.id);
        subject.entity = name.substr(0, name.size() - end.size());
    }
}

namespace {

using boost::mp11::mp_for_each;

template <class Event>
bool is_of(std::string_view type) {
    if constexpr (OfManyTypes<Event>) {
        return decltype(Event::type)::is_one(type);
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
        if constexpr (OfManyTypes<Event>) result.type = result.type.named(event.type);
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
        type = event.type.text();
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

template <class Events>
std::optional<Events> decoded_as(const RecordedEvent& event) {
    std::optional<Events> result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, structs_of<Events>>>(
        [&]<class Event>(std::type_identity<Event>) {
            if (!result && is_of<Event>(event.type)) result = decoded<Event>(event);
        }
    );
    return result;
}

using WaysByType = std::unordered_map<std::type_index, detail::Ways>;

template <class Event>
Encoded encoded_from(const void* event) {
    return encoded(*static_cast<const Event*>(event));
}

template <class Events>
void decoded_into(const RecordedEvent& event, void* result) {
    *static_cast<std::optional<Events>*>(result) = decoded_as<Events>(event);
}

WaysByType ways_of_all() {
    WaysByType result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, Aggregates>>(
        [&]<class Events>(std::type_identity<Events>) {
            mp_for_each<boost::mp11::mp_transform<std::type_identity, structs_of<Events>>>(
                [&]<class Event>(std::type_identity<Event>) {
                    result[typeid(Event)] = {encoded_from<Event>, decoded_into<Event>};
                }
            );
            result[typeid(Events)] = {encoded_from<Events>, decoded_into<Events>};
        }
    );
    return result;
}

}  // namespace

const detail::Ways& detail::ways_of(const std::type_info& type) {
    static const auto all = ways_of_all();
    const auto found = all.find(type);
    if (found == all.end())
        throw std::logic_error(std::string("events/aggregates.hpp does not list ") + type.name());
    return found->second;
}

std::optional<Encoded> decode_and_encode(const RecordedEvent& event) {
    std::optional<Encoded> result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, Aggregates>>(
        [&]<class Events>(std::type_identity<Events>) {
            if (result) return;
            if (const auto found = decoded_as<Events>(event)) result = encoded(*found);
        }
    );
    return result;
}

}  // namespace vitrine::events
