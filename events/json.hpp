#pragma once

// For the .cpp files of this folder: how described structs become JSON and come back.

#include <boost/describe/bases.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/edited.hpp"
#include "core/json_text.hpp"
#include "core/shortest_numbers.hpp"
#include "core/strong.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"
#include "events/person_json.hpp"

namespace vitrine::events {

using Json = nlohmann::ordered_json;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

/// A member that is not of its type.
class UnlikeMember : public std::runtime_error {
public:
    UnlikeMember(const char* name, const char* why)
        : std::runtime_error('`' + std::string(name) + "`: " + why) {}
};

/// Calls `visit` with each base of T, then with each member: `visit.template base<B>()`,
/// `visit.template member<&T::m>(name)`.
template <Described T, class Visitor>
void for_each_part(Visitor visit) {
    boost::mp11::mp_for_each<boost::describe::describe_bases<T, boost::describe::mod_public>>(
        [&]<class Base>(Base) { visit.template base<typename Base::type>(); }
    );
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&]<class Member>(Member) {
            constexpr auto pointer = Member::pointer;
            visit.template member<pointer>(
                json_name<pointer>.empty() ? Member::name : json_name<pointer>.data()
            );
        }
    );
}

template <Described T>
void put_members(Json& json, const T& value);
template <Described T>
void get_members(const Json& json, T& value);

inline Json to_json(const std::string& value) {
    return value;
}
template <class T>
    requires std::integral<T>
Json to_json(T value) {
    return value;
}
template <class Tag>
Json to_json(const Strong<Tag>& value) {
    return value.str();
}
inline Json to_json(Timestamp value) {
    return format_time(value);
}
template <Described T>
Json to_json(const T& value) {
    Json json = Json::object();
    put_members(json, value);
    return json;
}
template <class T>
Json to_json(const std::vector<T>& values) {
    Json json = Json::array();
    for (const auto& value : values) json.push_back(to_json(value));
    return json;
}

template <class T>
void put(Json& json, const char* name, const T& value) {
    json[name] = to_json(value);
}
inline void put(Json& json, const char* name, const JsonText& value) {
    if (!value.empty()) json[name] = Json::parse(value.text);
}
template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
    if (value) put(json, name, *value);
}

template <class T>
void put(Json& json, const char* name, const Edited<T>& edited) {
    if (!edited.given()) return;
    json[name] = nullptr;
    put(json, name, edited.value());
}

inline void take(const Json& json, std::string& value) {
    value = json.get<std::string>();
}
template <class T>
    requires std::integral<T>
void take(const Json& json, T& value) {
    value = json.get<T>();
}
template <class Tag>
void take(const Json& json, Strong<Tag>& value) {
    value = Strong<Tag>(json.get<std::string>());
}
inline void take(const Json& json, Timestamp& value) {
    const auto time = parse_time(json.get<std::string>());
    if (!time) throw Json::other_error::create(501, "no time", &json);
    value = *time;
}
template <Described T>
void take(const Json& json, T& value) {
    get_members(json, value);
}
template <class T>
void take(const Json& json, std::vector<T>& values) {
    for (const auto& each : json.get_ref<const Json::array_t&>()) take(each, values.emplace_back());
}

template <class T>
void take_member(const Json& json, const char* name, T& value) {
    try {
        take(json, value);
    } catch (const Json::exception& error) {
        throw UnlikeMember(name, error.what());
    }
}

template <class T>
void get(const Json& json, const char* name, T& value) {
    take_member(json.at(name), name, value);
}
template <class T>
void get(const Json& json, const char* name, std::optional<T>& value) {
    if (const auto found = json.find(name); found != json.end())
        take_member(*found, name, value.emplace());
}
template <class T>
void get(const Json& json, const char* name, Edited<T>& edited) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    if (found->is_null()) {
        edited = Edited<T>::cleared();
        return;
    }
    T value;
    take_member(*found, name, value);
    edited = std::move(value);
}
inline void get(const Json& json, const char* name, JsonText& value) {
    if (const auto found = json.find(name); found != json.end())
        value = JsonText(with_shortest_numbers(found->dump()));
}

template <class T>
struct PutMembers {
    Json& json;
    const T& value;

    template <class Base>
    void base() {
        put_members(json, static_cast<const Base&>(value));
    }
    template <auto Member>
    void member(const char* name) {
        const auto& part = value.*Member;
        if constexpr (stands_flat<Member>) {
            put_members(json, part);
        } else {
            if constexpr (absent_when_empty<Member>)
                if (part == std::remove_cvref_t<decltype(part)>()) return;
            put(json, name, part);
        }
    }
};

template <class T>
struct GetMembers {
    const Json& json;
    T& value;

    template <class Base>
    void base() {
        get_members(json, static_cast<Base&>(value));
    }
    template <auto Member>
    void member(const char* name) {
        auto& part = value.*Member;
        if constexpr (stands_flat<Member>) {
            get_members(json, part);
        } else {
            if constexpr (absent_when_empty<Member>)
                if (!json.contains(name)) return;
            get(json, name, part);
        }
    }
};

template <Described T>
void put_members(Json& json, const T& value) {
    for_each_part<T>(PutMembers<T>{json, value});
}

template <Described T>
void get_members(const Json& json, T& value) {
    for_each_part<T>(GetMembers<T>{json, value});
}

}  // namespace vitrine::events
