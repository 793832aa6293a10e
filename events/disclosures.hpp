#pragma once

#include <string>
#include <string_view>

#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// People were shown to somebody from here on: whom to tell when one of them is erased. Stream:
/// people-<recipient>; again when a day is over.
struct PeopleShown {
    static constexpr std::string_view event_type = "PeopleShown";
    std::string recipient;  // "key:vtr_1a2b3c4d", "endpoint:<id>", "user:1000"
    std::string by;         // "feed", "replay", "webhook"
    bool operator==(const PeopleShown&) const = default;
};
BOOST_DESCRIBE_STRUCT(PeopleShown, (), (recipient, by))

template <>
inline constexpr std::string_view category_of_events<PeopleShown> = "people";

}  // namespace vitrine::events
