#pragma once

// For the projectors: reads the members of an event's payload one by one, without a tree, and hands
// out values it does not look into as the text they have.

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json_append.hpp"
#include "events/envelope.hpp"
#include "events/unreadable_event.hpp"
#include "projections/poison.hpp"

namespace vitrine::projections {

namespace json = simdjson::ondemand;

/// One payload at a time; what it gave ends with the next. Every member throws
/// simdjson::simdjson_error if the JSON is not what is asked for; what reads values below names the
/// member too.
class Payload {
public:
    /// The payload at its type's present schema.
    json::object open(const events::RecordedEvent& event);
    json::object open(std::string_view text);
    json::array open_array(std::string_view text);

private:
    void parse(std::string_view text);

    json::parser parser_;
    json::document document_;
    std::string buffer_;
};

/// A member's value is not what is asked for: std::runtime_error naming it.
[[noreturn]] void throw_unlike(json::value value, simdjson::error_code error);

template <class Asked>
Asked value_of(json::value value) {
    Asked asked;
    if (const auto error = value.get(asked)) throw_unlike(value, error);
    return asked;
}

inline std::string_view text_of(json::value value) {
    return value_of<std::string_view>(value);
}

inline std::int64_t number_of(json::value value) {
    return value_of<std::int64_t>(value);
}

inline json::array array_of(json::value value) {
    return value_of<json::array>(value);
}

inline json::object object_of(json::value value) {
    return value_of<json::object>(value);
}

/// The value's own text: numbers, strings, objects and arrays as they were written.
inline std::string_view raw_of(json::value value) {
    return simdjson::to_json_string(value).value();
}

/// The same; empty for null, by which an edit takes a member away.
inline std::string_view raw_unless_null(json::value value) {
    const auto raw = raw_of(value);
    return raw == "null" ? std::string_view() : raw;
}

/// Does what looks into the event. What is wrong with the event is thrown as
/// events::UnreadableEvent; what the machine is to blame for, as it came.
template <class Read>
void read_event(const events::RecordedEvent& event, Read read) {
    try {
        read();
    } catch (const std::exception& error) {
        if (!blames_the_event(error)) throw;
        throw events::UnreadableEvent(event, error.what());
    }
}

}  // namespace vitrine::projections
