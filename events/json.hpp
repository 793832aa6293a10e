#pragma once

// For the .cpp files of this folder: how members of events become JSON and come back. An absent
// optional and an empty JsonText leave no member behind.

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/json_text.hpp"
#include "core/shortest_numbers.hpp"
#include "core/strong.hpp"

namespace vitrine::events {

using Json = nlohmann::ordered_json;

inline void put(Json& json, const char* name, const std::string& value) {
    json[name] = value;
}
inline void put(Json& json, const char* name, std::int64_t value) {
    json[name] = value;
}
inline void put(Json& json, const char* name, bool value) {
    json[name] = value;
}
inline void put(Json& json, const char* name, const JsonText& value) {
    if (!value.empty()) json[name] = Json::parse(value.text);
}
template <class Tag>
void put(Json& json, const char* name, const Strong<Tag>& value) {
    json[name] = value.str();
}
template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
    if (value) put(json, name, *value);
}

inline void take(const Json& json, std::string& value) {
    value = json.get<std::string>();
}
inline void take(const Json& json, std::int64_t& value) {
    value = json.get<std::int64_t>();
}
inline void take(const Json& json, bool& value) {
    value = json.get<bool>();
}
template <class Tag>
void take(const Json& json, Strong<Tag>& value) {
    value = Strong<Tag>(json.get<std::string>());
}

/// A member that is not of its type.
class UnlikeMember : public std::runtime_error {
public:
    UnlikeMember(const char* name, const char* why)
        : std::runtime_error('`' + std::string(name) + "`: " + why) {}
};

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
inline void get(const Json& json, const char* name, JsonText& value) {
    if (const auto found = json.find(name); found != json.end())
        value = JsonText(with_shortest_numbers(found->dump()));
}

}  // namespace vitrine::events
