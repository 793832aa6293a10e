#include "events/people.hpp"

#include <boost/mp11/algorithm.hpp>
#include <stdexcept>
#include <unordered_map>

#include "core/shortest_numbers.hpp"
#include "events/aggregates.hpp"
#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

using boost::mp11::mp_for_each;

/// What changes the members of one payload.
struct Change {
    const ChangePerson& change;
    std::string person;
    std::string path;
    bool changed = false;
};

// Whether a type has a text that names a person in it, at compile time.
template <class T>
struct Names : std::false_type {};
template <>
struct Names<PersonText> : std::true_type {};
template <class T>
struct Names<std::optional<T>> : Names<T> {};
template <class T>
struct Names<std::vector<T>> : Names<T> {};
template <class T>
struct Names<Edited<T>> : Names<T> {};

template <Described T>
consteval bool has_names() {
    bool found = false;
    mp_for_each<boost::describe::describe_bases<T, boost::describe::mod_public>>(
        [&]<class Base>(Base) { found = found || Names<typename Base::type>::value; }
    );
    mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&]<class Member>(Member) {
            found =
                found ||
                Names<std::remove_cvref_t<decltype(std::declval<T&>().*Member::pointer)>>::value;
        }
    );
    return found;
}
template <Described T>
struct Names<T> : std::bool_constant<has_names<T>()> {};

template <class T>
struct Kind {};

template <Described T>
void change_members(Json& json, Change& change);

/// What the description of the member says.
struct Said {
    Purpose purpose{};
    std::string_view kind;
    bool kept_by_month = false;
};

void change_value(Kind<PersonText>, Json& json, const Said& said, Change& change) {
    PersonText before;
    take(json, before);
    const auto person = said.kept_by_month ? std::string_view() : change.person;
    auto after = change.change({change.path, said.purpose, person, said.kind}, before);
    if (after == before) return;
    json = to_json(after);
    change.changed = true;
}
template <Described T>
void change_value(Kind<T>, Json& json, const Said&, Change& change) {
    change_members<T>(json, change);
}
template <class T>
void change_value(Kind<std::optional<T>>, Json& json, const Said& said, Change& change) {
    change_value(Kind<T>(), json, said, change);
}
template <class T>
void change_value(Kind<Edited<T>>, Json& json, const Said& said, Change& change) {
    if (!json.is_null()) change_value(Kind<T>(), json, said, change);
}
template <class T>
void change_value(Kind<std::vector<T>>, Json& json, const Said& said, Change& change) {
    const auto length = change.path.size();
    std::size_t index = 0;
    for (auto& each : json) {
        change.path += '/' + std::to_string(index++);
        change_value(Kind<T>(), each, said, change);
        change.path.resize(length);
    }
}

struct ChangeMembers {
    Json& json;
    Change& change;

    template <class Base>
    void base() {
        if constexpr (Names<Base>::value) change_members<Base>(json, change);
    }
    template <auto Member>
    void member(const char* name) {
        using Value = typename boost::mp11::mp_second<
            boost::mp11::mp_list<void, decltype(type_of(Member))>>::type;
        if constexpr (Names<Value>::value) {
            if constexpr (stands_flat<Member>) {
                change_members<Value>(json, change);
            } else {
                const auto found = json.find(name);
                if (found == json.end()) return;
                const auto length = change.path.size();
                change.path += '/';
                change.path += name;
                change_value(
                    Kind<Value>(),
                    *found,
                    Said{purpose_of<Member>, looked_up_as<Member>, kept_by_month<Member>},
                    change
                );
                change.path.resize(length);
            }
        }
    }

private:
    template <class Owner, class Value>
    static std::type_identity<Value> type_of(Value Owner::*);
};

template <Described T>
void change_members(Json& json, Change& change) {
    for_each_part<T>(ChangeMembers{json, change});
}

/// What is known of the people in events of one type.
struct Known {
    void (*change)(Json& json, Change& change);
    std::string_view person;  // the member; empty: none
    bool erases = false;
};

template <class Event>
Known known() {
    Known result{change_members<Event>, {}};
    if constexpr (requires { Event::person; }) result.person = Event::person;
    if constexpr (requires { Event::erases_person; }) result.erases = Event::erases_person;
    return result;
}

template <class Event>
constexpr bool is_of_people = Names<Event>::value || requires { Event::person; };

using KnownByType = std::unordered_map<std::string_view, Known>;

KnownByType known_of_all() {
    KnownByType result;
    mp_for_each<boost::mp11::mp_transform<std::type_identity, Aggregates>>(
        [&]<class Events>(std::type_identity<Events>) {
            mp_for_each<boost::mp11::mp_transform<std::type_identity, structs_of<Events>>>(
                [&]<class Event>(std::type_identity<Event>) {
                    if constexpr (is_of_people<Event>) {
                        if constexpr (OfManyTypes<Event>) {
                            for (const auto& type : Event::event_types)
                                result[type.name] = known<Event>();
                        } else {
                            result[Event::event_type] = known<Event>();
                        }
                    }
                }
            );
        }
    );
    return result;
}

const Known* find(std::string_view type) {
    static const auto all = known_of_all();
    const auto found = all.find(type);
    return found == all.end() ? nullptr : &found->second;
}

std::string person_of(const Known& known, const Json& json) {
    if (known.person.empty()) return {};
    const auto found = json.find(known.person);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Throws std::runtime_error.
template <class Work>
auto reading(std::string_view type, Work work) {
    try {
        return work();
    } catch (const Json::exception& error) {
        throw std::runtime_error(std::string(type) + ": " + error.what());
    }
}

}  // namespace

std::string_view purpose_name(Purpose purpose) {
    switch (purpose) {
        case Purpose::contract:
            return "contract";
        case Purpose::marketing:
            return "marketing";
        case Purpose::command:
            return "command";
    }
    return {};
}

bool names_people(std::string_view type) {
    return find(type) != nullptr;
}

bool erases_person(std::string_view type) {
    const auto* known = find(type);
    return known != nullptr && known->erases;
}

std::vector<ErasingType> erasing_types() {
    std::vector<ErasingType> types;
    for (const auto& type : catalogue()) {
        const auto* known = find(type.name);
        if (known == nullptr || !known->erases) continue;
        types.push_back(
            {std::string(type.name), std::string(type.category), std::string(known->person)}
        );
    }
    return types;
}

std::string person_in(std::string_view type, std::string_view data) {
    const auto* known = find(type);
    if (known == nullptr) return {};
    return reading(type, [&] { return person_of(*known, Json::parse(data)); });
}

std::optional<std::string> with_people(
    std::string_view type, std::string_view data, const ChangePerson& change
) {
    const auto* known = find(type);
    if (known == nullptr) return std::nullopt;
    return reading(type, [&]() -> std::optional<std::string> {
        auto json = Json::parse(data);
        Change each{change, person_of(*known, json), {}};
        known->change(json, each);
        if (!each.changed) return std::nullopt;
        return with_shortest_numbers(json.dump());
    });
}

}  // namespace vitrine::events
