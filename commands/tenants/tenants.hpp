#pragma once

#include <cstddef>
#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "commands/tenants/tenant.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "store/event_store.hpp"
#include "store/keys.hpp"

namespace vitrine::commands {

struct TenantAddition {
    store::Tenant tenant;
    store::Credentials credentials;
};

/// A change as it is asked for. Its secrets are compared with what there is; equal ones replace
/// nothing.
struct TenantRevision {
    ChangeTenant change;
    std::optional<std::string> clubify_api_key;
    std::optional<std::string> webhook_secret;  // empty: none any more
};

/// What an operation came to.
struct TenantOutcome {
    TenantEvents events;    // none: everything was so already
    Position position = 0;  // of the last; 0: none
};

/// Tenants as they are honoured (the key file) and as they are told of (the log).
///
/// Operation: an operation is decided on what the log says, then takes effect in the key file, then
/// its events are appended. Cut off in between, the log lacks what the key file says; it is told
/// before the next operation on that tenant, and by bring_together. docs/decisions/0012.
/// Concurrency: any thread but those that must not wait for the disk; one operation at a time.
/// Errors: faults are sentences. A broken disk throws.
class Tenants {
public:
    /// References that outlive it.
    Tenants(store::Keys& keys, store::EventStore& store, Clock clock, UuidSource new_id);

    /// The text of the first API key, shown only now.
    std::expected<std::string, std::string> add(const TenantAddition& addition);
    std::expected<TenantOutcome, std::string> change(
        const TenantId& id, const TenantRevision& revision
    );
    std::expected<TenantOutcome, std::string> retire(const TenantId& id, const RetireTenant& how);

    /// As the log tells it.
    TenantState state(const TenantId& id);

    /// Tells the log of every tenant what it lacks, retires in the key file whoever is retired by
    /// the log, and forgets the credentials of those who are. How many events were appended.
    std::expected<std::size_t, std::string> bring_together();

private:
    std::expected<Position, std::string> append(const TenantId& id, const TenantEvents& events);
    std::expected<Position, std::string> append(std::vector<store::StreamAppend> streams);
    store::StreamAppend stream_of(const TenantId& id, const TenantEvents& events);
    std::expected<void, std::string> bring_together(const store::Tenant& tenant);
    std::optional<store::StreamAppend> missing_of(const store::Tenant& tenant);
    TenantState registered(const store::Tenant& tenant);
    void forget_credentials(const TenantId& id);

    std::mutex mutex_;
    store::Keys& keys_;
    store::EventStore& store_;
    Clock clock_;
    UuidSource new_id_;
};

}  // namespace vitrine::commands
