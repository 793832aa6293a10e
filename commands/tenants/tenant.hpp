#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/tenants.hpp"
#include "store/event_store.hpp"

// The write model of one tenant. Pure but for load.
namespace vitrine::commands {

struct RegisterTenant {
    events::TenantRegistered facts;
};

/// What is absent stays.
struct ChangeTenant {
    std::optional<std::string> name, environment, domain;
    JsonText branding;  // {}: none any more
    std::optional<std::string> locale, clubify_tenant_id, clubify_organization_id;
    bool replaces_credentials = false;         // by others than there are, or none
    std::optional<bool> webhooks;              // whether there is a secret for them
    std::optional<std::string> payments = {};  // where they are begun: clubify, pagarme
};

struct RetireTenant {
    std::optional<std::string> reason;
};

struct WithdrawTenant {};

/// What decide must know of a tenant.
struct TenantState {
    Version version = 0;  // 0: the log knows of none
    events::TenantRegistered facts;
    std::int64_t credentials_replaced = 0;
    bool retired = false;
    std::optional<std::string> reason = {};  // of the end
    bool withdrawn = false;                  // as if it had never been registered

    bool is_registered() const { return version != 0 && !withdrawn; }
};

using TenantEvents = std::vector<events::TenantEvent>;
using TenantDecision = std::expected<TenantEvents, Rejection>;

/// One that the log knows and that is not retired may be registered again: the log has then been
/// moved to where its keys are not.
TenantDecision decide(const RegisterTenant& command, const TenantState& state);

/// No events: everything is so already.
TenantDecision decide(const ChangeTenant& command, const TenantState& state);

/// No events: it is retired already.
TenantDecision decide(const RetireTenant& command, const TenantState& state);

/// Undoes a registration after which nothing else was told.
TenantDecision decide(const WithdrawTenant& command, const TenantState& state);

TenantState evolve(TenantState state, const events::TenantEvent& event);

/// What the log must still be told so that it says what `registered` is.
TenantEvents missing_events(const TenantState& registered, const TenantState& logged);

TenantState load_tenant(store::EventStore& store, const TenantId& id);

}  // namespace vitrine::commands
