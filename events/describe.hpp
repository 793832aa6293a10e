#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

// How an event says what it is made of, once: behind the struct stands
//
//     BOOST_DESCRIBE_STRUCT(OfferPaused, (), (offer_id, reason))
//
// with its bases and its members, in the order of the JSON. Codec, catalogue, golden files and
// fuzzing follow from it. A member stands in the JSON under its own name, unless one of these says
// otherwise; one that is not described does not stand there. An absent optional and an empty
// JsonText leave no member behind.
namespace vitrine::events {

/// Another name than the member's own: `template <> inline constexpr std::string_view
/// json_name<&CommandFailed::…>`.
template <auto Member>
inline constexpr std::string_view json_name{};

/// The members of this one stand beside the others, not in an object of their own.
template <auto Member>
inline constexpr bool stands_flat = false;

/// Absent from the JSON while it is as it began.
template <auto Member>
inline constexpr bool absent_when_empty = false;

/// A type of events and the category of its streams: what aggregates list.
struct EventName {
    std::string_view name;
    std::string_view category;
};

/// The category of the streams of an aggregate's events, where the events do not say it themselves.
template <class Events>
inline constexpr std::string_view category_of_events{};

}  // namespace vitrine::events
