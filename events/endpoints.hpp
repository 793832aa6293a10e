#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/edited.hpp"
#include "core/ids.hpp"
#include "events/describe.hpp"

// Where a tenant wants its events sent (docs/webhooks.md, "Webhooks out"). Stream endpoint-<id>.
// Its secrets stand sealed in keys.db, and in no event.
//
// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

using EndpointId = Strong<struct EndpointIdTag>;  // UUIDv7

struct EndpointCreated {
    static constexpr std::string_view event_type = "EndpointCreated";
    EndpointId endpoint_id;
    std::string url;
    std::vector<std::string> types;  // of events; "*" alone: all
    std::optional<std::string> description;
    bool legacy_headers = false;  // those of Clubify's older receivers beside the standard's
    std::optional<std::string> legacy_signature_header;  // absent: X-Clubify-Signature
    bool people = false;                                 // what names people is sent open
    bool operator==(const EndpointCreated&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    EndpointCreated,
    (),
    (endpoint_id, url, types, description, legacy_headers, legacy_signature_header, people)
)

/// What is absent stays.
struct EndpointChanged {
    static constexpr std::string_view event_type = "EndpointChanged";
    EndpointId endpoint_id;
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> types;
    Edited<std::string> description;
    std::optional<bool> legacy_headers;
    Edited<std::string> legacy_signature_header;
    bool operator==(const EndpointChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    EndpointChanged,
    (),
    (endpoint_id, url, types, description, legacy_headers, legacy_signature_header)
)

/// Nothing is sent until it is enabled; then all that came in between is.
struct EndpointDisabled {
    static constexpr std::string_view event_type = "EndpointDisabled";
    EndpointId endpoint_id;
    std::optional<std::string> reason;
    bool operator==(const EndpointDisabled&) const = default;
};
BOOST_DESCRIBE_STRUCT(EndpointDisabled, (), (endpoint_id, reason))

struct EndpointEnabled {
    static constexpr std::string_view event_type = "EndpointEnabled";
    EndpointId endpoint_id;
    bool operator==(const EndpointEnabled&) const = default;
};
BOOST_DESCRIBE_STRUCT(EndpointEnabled, (), (endpoint_id))

/// From then on the secret of this number signs, and for a day beside it the one before.
struct EndpointSecretRotated {
    static constexpr std::string_view event_type = "EndpointSecretRotated";
    EndpointId endpoint_id;
    std::int64_t secret_number = 0;  // the first, which comes with the endpoint, is 1
    bool operator==(const EndpointSecretRotated&) const = default;
};
BOOST_DESCRIBE_STRUCT(EndpointSecretRotated, (), (endpoint_id, secret_number))

/// A range of the log is sent anew, to itself included: everything that the endpoint wants of it.
struct EndpointReplayAsked {
    static constexpr std::string_view event_type = "EndpointReplayAsked";
    EndpointId endpoint_id;
    std::int64_t from = 0;           // positions
    std::optional<std::int64_t> to;  // absent: up to what it was sent by then
    bool operator==(const EndpointReplayAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(EndpointReplayAsked, (), (endpoint_id, from, to))

/// For good: nothing is sent any more, and its secrets are gone.
struct EndpointDeleted {
    static constexpr std::string_view event_type = "EndpointDeleted";
    EndpointId endpoint_id;
    bool operator==(const EndpointDeleted&) const = default;
};
BOOST_DESCRIBE_STRUCT(EndpointDeleted, (), (endpoint_id))

using EndpointEvent = std::variant<
    EndpointCreated,
    EndpointChanged,
    EndpointDisabled,
    EndpointEnabled,
    EndpointSecretRotated,
    EndpointReplayAsked,
    EndpointDeleted>;

template <>
inline constexpr std::string_view category_of_events<EndpointEvent> = "endpoint";

}  // namespace vitrine::events
