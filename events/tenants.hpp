#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
//
// Stream: tenant-<id>, in the log of operator_tenant(): what an operator does to a tenant is no
// event of the tenant itself. No secret is ever in them.
namespace vitrine::events {

struct TenantRegistered {
    static constexpr std::string_view event_type = "TenantRegistered";
    TenantId tenant;
    std::string name;         // for people; may be empty
    std::string environment;  // test, live
    std::string domain;       // may be empty
    JsonText branding;        // an object; absent: none
    std::string locale;
    std::string clubify_tenant_id;
    std::string clubify_organization_id;  // may be empty
    /// Whether there is a secret that webhooks are signed with. Absent in those from before it was
    /// told.
    std::optional<bool> webhooks;
    /// What its first key (admin) is known by: "vtr_1a2b3c4d". Absent in those from before it was
    /// told, and in those that were told late.
    std::optional<std::string> first_key = {};
    /// Where payments are begun: clubify, pagarme. Absent: clubify.
    std::optional<std::string> payments = {};
    bool operator==(const TenantRegistered&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    TenantRegistered,
    (),
    (tenant,
     name,
     environment,
     domain,
     branding,
     locale,
     clubify_tenant_id,
     clubify_organization_id,
     webhooks,
     first_key,
     payments)
)

/// Only what changed is present.
struct TenantChanged {
    static constexpr std::string_view event_type = "TenantChanged";
    TenantId tenant;
    std::optional<std::string> name, environment, domain;
    JsonText branding;  // {}: none any more
    std::optional<std::string> locale, clubify_tenant_id, clubify_organization_id;
    /// The Clubify API key, the webhook secret, the key of Pagar.me or what its hooks come in by
    /// was replaced or removed; how often since the registration.
    std::optional<std::int64_t> credentials_replaced;
    std::optional<bool> webhooks;              // whether there is a webhook secret now
    std::optional<std::string> payments = {};  // where they are begun now: clubify, pagarme
    bool operator==(const TenantChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    TenantChanged,
    (),
    (tenant,
     name,
     environment,
     domain,
     branding,
     locale,
     clubify_tenant_id,
     clubify_organization_id,
     credentials_replaced,
     webhooks,
     payments)
)

/// For good: its keys no longer work, its events stay, its id is not given again.
struct TenantRetired {
    static constexpr std::string_view event_type = "TenantRetired";
    TenantId tenant;
    std::optional<std::string> reason;
    bool operator==(const TenantRetired&) const = default;
};
BOOST_DESCRIBE_STRUCT(TenantRetired, (), (tenant, reason))

/// The registration was taken back before anything was done with it: its key could not be shown.
/// The id may be given again.
struct TenantWithdrawn {
    static constexpr std::string_view event_type = "TenantWithdrawn";
    TenantId tenant;
    bool operator==(const TenantWithdrawn&) const = default;
};
BOOST_DESCRIBE_STRUCT(TenantWithdrawn, (), (tenant))

using TenantEvent = std::variant<TenantRegistered, TenantChanged, TenantRetired, TenantWithdrawn>;

template <>
inline constexpr std::string_view category_of_events<TenantEvent> = "tenant";

/// "_operator": whose log these stand in. No tenant can have this id, since none begins with _.
const TenantId& operator_tenant();

/// "tenant-<id>"
StreamName tenant_stream(const TenantId& id);

}  // namespace vitrine::events
