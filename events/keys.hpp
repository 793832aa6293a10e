#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/ids.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
//
// Streams: keys-<tenant>, and keys-_master, in the log of operator_tenant(). Of a key only what it
// is known by: "vtr_1a2b3c4d". The first key of a tenant stands in its TenantRegistered.
namespace vitrine::events {

struct KeyAdded {
    static constexpr std::string_view event_type = "KeyAdded";
    TenantId tenant;
    std::string key;
    std::string role;   // reader, operator, admin
    std::string label;  // for people; may be empty
    std::optional<std::string> expires_at;
    bool operator==(const KeyAdded&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyAdded, (), (tenant, key, role, label, expires_at))

struct KeyRevoked {
    static constexpr std::string_view event_type = "KeyRevoked";
    TenantId tenant;
    std::string key;
    std::string role;
    std::string label;
    bool operator==(const KeyRevoked&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyRevoked, (), (tenant, key, role, label))

/// All that is sealed is so under another key from then on.
struct MasterKeyChanged {
    static constexpr std::string_view event_type = "MasterKeyChanged";
    std::int64_t changes = 0;  // how many there were since the key file was made
    bool operator==(const MasterKeyChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(MasterKeyChanged, (), (changes))

using KeyEvent = std::variant<KeyAdded, KeyRevoked, MasterKeyChanged>;

template <>
inline constexpr std::string_view category_of_events<KeyEvent> = "keys";

/// "keys-<tenant>"
StreamName keys_stream(const TenantId& tenant);

/// "keys-_master": no tenant's id begins so.
const StreamName& master_key_stream();

}  // namespace vitrine::events
