#pragma once

#include <cstddef>
#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "commands/tenants/operator_log.hpp"
#include "commands/tenants/tenant.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/keys.hpp"
#include "gateways/clubify/credentials.hpp"
#include "store/event_store.hpp"
#include "store/keys.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::commands {

struct TenantAddition {
    store::Tenant tenant;
    clubify::Credentials credentials;
};

/// All that is wrong with it.
std::vector<MemberFault> addition_faults(const TenantAddition& addition);

/// A change as it is asked for. Its secrets are compared with what there is; equal ones replace
/// nothing.
struct TenantRevision {
    ChangeTenant change;
    std::optional<std::string> clubify_api_key;
    std::optional<std::string> webhook_secret;      // empty: none any more
    std::optional<std::string> payments_key = {};   // of Pagar.me
    std::optional<std::string> payments_hook = {};  // what its hooks come in by: "user:password"
    std::string by = {};
};

/// All of it that no tenant could be changed to, whatever it is now.
std::vector<MemberFault> revision_faults(const TenantRevision& revision);

/// What an operation came to.
struct TenantOutcome {
    TenantEvents events;    // none: everything was so already
    Position position = 0;  // of the last; 0: none
};

struct RevokedKey {
    store::Role role{};
    bool was_last_of_role = false;  // of those that work
};

/// Tenants and their keys as they are honoured (the key file) and as they are told of (the log).
///
/// Operation: an operation is decided on what the log says, then takes effect in the key file, then
/// its events are appended. Cut off in between, the log lacks what the key file says; it is told
/// before the next operation on that tenant, and by bring_together. docs/decisions/0012. `by`, in
/// all of them: who does it, "cli:<user>".
/// Concurrency: any thread but those that must not wait for the disk; one operation at a time.
/// Errors: faults are sentences. A broken disk throws.
class Tenants {
public:
    /// References that outlive it.
    Tenants(store::Keys& keys, store::EventStore& store, Clock clock, UuidSource new_id);

    /// The text of the first API key, shown only now. One that nobody has seen (store::Keys::
    /// note_shown) and that nothing was done with is registered anew: the command was cut off.
    std::expected<std::string, std::string> add(const TenantAddition& given);
    std::expected<TenantOutcome, std::string> change(
        const TenantId& id, const TenantRevision& revision
    );
    std::expected<TenantOutcome, std::string> retire(
        const TenantId& id, const RetireTenant& how, const std::string& by = {}
    );
    /// Takes back a registration whose key could not be shown, so that it can be asked for again.
    /// False: the tenant has been used or has other keys; then only that key is revoked.
    std::expected<bool, std::string> withdraw(
        const TenantId& id, const std::string& first_key, const std::string& by
    );

    /// The text of the key, shown only now. Those of its role that nobody saw in the minute after
    /// they were made are revoked: their commands were cut off.
    std::expected<std::string, std::string> add_key(
        const TenantId& id, const store::KeyRequest& request
    );
    std::expected<RevokedKey, std::string> revoke_key(
        const TenantId& id, const std::string& prefix, const std::string& by
    );
    /// Tells the log of changes of the master key that it has not heard of.
    std::expected<void, std::string> tell_of_master_key();

    /// As the log tells it.
    TenantState state(const TenantId& id);

    /// Tells the log of every tenant what it lacks, retires in the key file whoever is retired by
    /// the log, and forgets the credentials of those who are. How many events were appended.
    std::expected<std::size_t, std::string> bring_together();

private:
    std::expected<Position, std::string> append(
        const TenantId& id, const TenantEvents& events, const std::string& by
    );
    store::StreamAppend stream_of(
        const TenantId& id, const TenantEvents& events, const std::string& by
    );
    std::expected<void, std::string> bring_together(const store::Tenant& tenant);
    std::vector<store::StreamAppend> missing_of(const store::Tenant& tenant);
    std::optional<store::StreamAppend> missing_master_key();
    std::optional<store::StreamAppend> missing_keys_of(
        const store::Tenant& tenant, const std::string& first_key
    );
    std::expected<Position, std::string> tell_of_key(
        const TenantId& id, const events::KeyEvent& event, const std::string& by
    );
    std::expected<void, std::string> revoke_unseen(const TenantId& id, const store::KeyRequest& by);
    bool is_unused(const TenantId& id);
    std::expected<void, std::string> remove(const TenantId& id, const std::string& by);
    std::optional<store::ApiKey> find_key(const TenantId& id, std::string_view prefix);
    TenantState registered(const store::Tenant& tenant);
    void forget_secrets(const TenantId& id);

    std::mutex mutex_;
    store::Keys& keys_;
    store::EventStore& store_;
    Clock clock_;
    OperatorLog log_;
};

}  // namespace vitrine::commands
