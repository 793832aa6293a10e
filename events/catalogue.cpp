#include "events/catalogue.hpp"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <stdexcept>

#include "events/aggregates.hpp"

namespace vitrine::events {
namespace {

template <class Event, class Events>
void add_types(std::vector<EventType>& types) {
    std::vector<Upcaster> upcasters;
    if constexpr (requires { Event::upcasters(); }) upcasters = Event::upcasters();
    if constexpr (OfManyTypes<Event>) {
        for (const auto& type : Event::event_types)
            types.push_back({type.name, type.category, upcasters});
    } else {
        static_assert(!category_of_events<Events>.empty());
        types.push_back({Event::event_type, category_of_events<Events>, std::move(upcasters)});
    }
}

std::vector<EventType> all_types() {
    using boost::mp11::mp_for_each;
    using boost::mp11::mp_transform;
    std::vector<EventType> types;
    mp_for_each<mp_transform<std::type_identity, Aggregates>>(
        [&]<class Events>(std::type_identity<Events>) {
            mp_for_each<mp_transform<std::type_identity, structs_of<Events>>>(
                [&]<class Event>(std::type_identity<Event>) { add_types<Event, Events>(types); }
            );
        }
    );
    return types;
}

}  // namespace

std::span<const EventType> catalogue() {
    static const auto types = all_types();
    return types;
}

const EventType* find_event_type(std::string_view name) {
    const auto types = catalogue();
    const auto found = std::ranges::find(types, name, &EventType::name);
    return found == types.end() ? nullptr : &*found;
}

std::string upcast(const EventType& type, int schema, std::string data) {
    if (schema < 1 || schema > type.schema()) {
        throw std::runtime_error(
            std::string(type.name) + " has schema " + std::to_string(schema) +
            ", but this program knows 1 to " + std::to_string(type.schema())
        );
    }
    for (auto step = static_cast<std::size_t>(schema - 1); step < type.upcasters.size(); ++step) {
        data = type.upcasters[step](std::move(data));
    }
    return data;
}

}  // namespace vitrine::events
