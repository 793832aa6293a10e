#include "commands/tenants/tenants.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "commands/tenants/branding.hpp"
#include "commands/webhooks/signature.hpp"
#include "events/codec.hpp"
#include "store/api_key_text.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::commands {
namespace {

using Fault = std::unexpected<std::string>;

events::TenantRegistered facts_of(
    const store::Tenant& tenant, const store::Credentials& credentials
) {
    events::TenantRegistered facts;
    facts.tenant = tenant.id;
    facts.name = tenant.name;
    facts.environment = tenant.environment;
    facts.domain = tenant.domain;
    facts.branding = tenant.branding;
    facts.locale = tenant.locale;
    facts.clubify_tenant_id = credentials.clubify_tenant_id;
    facts.clubify_organization_id = credentials.clubify_organization_id;
    facts.webhooks = !credentials.webhook_secret.empty();
    return facts;
}

/// The tenant and its credentials as `state` has them; the secrets stay.
void take_facts(const TenantState& state, store::Tenant& tenant, store::Credentials& credentials) {
    const auto& facts = state.facts;
    tenant.name = facts.name;
    tenant.environment = facts.environment;
    tenant.domain = facts.domain;
    tenant.branding = facts.branding;
    tenant.locale = facts.locale;
    tenant.credentials_replaced = state.credentials_replaced;
    credentials.clubify_tenant_id = facts.clubify_tenant_id;
    credentials.clubify_organization_id = facts.clubify_organization_id;
}

/// Whether it differs from what there was.
bool replace(const std::optional<std::string>& wanted, std::string& secret) {
    if (!wanted || *wanted == secret) return false;
    secret = *wanted;
    return true;
}

/// One that no delivery could be signed with is told before it is kept.
std::optional<std::string> fault_of(const std::string& webhook_secret) {
    if (webhook_secret.empty() || !webhook_keys(webhook_secret).empty()) return std::nullopt;
    return "the webhook secret is of no use: the platform signs with 16 to 512 bytes";
}

Fault not_told(const TenantId& id, const std::string& what, const std::string& why) {
    return Fault(
        "the tenant " + id.str() + " was " + what + ", but the log could not be told (" + why +
        "); it will be at the next start"
    );
}

/// Those that the store has no rules about.
void add_faults(
    std::vector<store::TenantFault>& faults,
    const JsonText& branding,
    const std::string& webhook_secret
) {
    const auto add = [&faults](std::optional<std::string> fault) {
        if (fault) faults.push_back({{}, *std::move(fault)});
    };
    if (!branding.empty()) add(branding_fault(branding.text));
    add(fault_of(webhook_secret));
}

/// "vtr_1a2b3c4d"
std::string known_by(const std::string& api_key) {
    return api_key.substr(0, store::api_key_prefix_size);
}

}  // namespace

std::optional<std::string> addition_fault(const TenantAddition& addition) {
    auto faults = store::tenant_faults(addition.tenant, addition.credentials);
    add_faults(faults, addition.tenant.branding, addition.credentials.webhook_secret);
    return store::sentence_of(faults);
}

Tenants::Tenants(store::Keys& keys, store::EventStore& store, Clock clock, UuidSource new_id)
    : keys_(keys), store_(store), clock_(clock), log_(store, std::move(clock), std::move(new_id)) {}

std::expected<std::string, std::string> Tenants::add(const TenantAddition& addition) {
    const std::scoped_lock lock(mutex_);
    const auto& id = addition.tenant.id;
    if (auto fault = addition_fault(addition)) return Fault(*std::move(fault));
    const auto state = load_tenant(store_, id);
    auto decision = decide(RegisterTenant{facts_of(addition.tenant, addition.credentials)}, state);
    if (!decision) return Fault(decision.error().detail.english());
    auto key = keys_.add_tenant(addition.tenant, addition.credentials);
    if (!key) return key;
    std::get<events::TenantRegistered>(decision->front()).first_key = known_by(*key);
    if (const auto told = append(id, *decision, addition.tenant.changed_by); !told) {
        keys_.remove_tenant(id);
        return Fault("the log could not be told (" + told.error() + "), so nothing was registered");
    }
    return key;
}

std::expected<TenantOutcome, std::string> Tenants::change(
    const TenantId& id, const TenantRevision& revision
) {
    const std::scoped_lock lock(mutex_);
    auto tenant = keys_.find_tenant(id);
    if (!tenant) return Fault("there is no tenant " + id.str());
    if (const auto told = bring_together(*tenant); !told) return Fault(told.error());
    auto state = load_tenant(store_, id);
    auto credentials = keys_.credentials(id).value_or(store::Credentials{});
    const auto tenant_before = *tenant;
    const auto credentials_before = credentials;
    auto change = revision.change;
    change.replaces_credentials = replace(revision.clubify_api_key, credentials.clubify_api_key);
    if (replace(revision.webhook_secret, credentials.webhook_secret)) {
        change.replaces_credentials = true;
        change.webhooks = !credentials.webhook_secret.empty();
    }
    auto decision = decide(change, state);
    if (!decision) return Fault(decision.error().detail.english());
    TenantOutcome outcome;
    if (decision->empty()) return outcome;
    for (const auto& event : *decision) state = evolve(std::move(state), event);
    take_facts(state, *tenant, credentials);
    auto faults = store::faults_of_change(tenant_before, credentials_before, *tenant, credentials);
    add_faults(faults, revision.change.branding, revision.webhook_secret.value_or(""));
    if (auto fault = store::sentence_of(faults)) return Fault(*std::move(fault));
    tenant->changed_by = revision.by;
    if (auto changed = keys_.change_tenant(*tenant, credentials); !changed) {
        return Fault(std::move(changed).error());
    }
    const auto position = append(id, *decision, revision.by);
    if (!position) return not_told(id, "changed", position.error());
    outcome.events = *std::move(decision);
    outcome.position = *position;
    return outcome;
}

std::expected<TenantOutcome, std::string> Tenants::retire(
    const TenantId& id, const RetireTenant& how, const std::string& by
) {
    const std::scoped_lock lock(mutex_);
    const auto tenant = keys_.find_tenant(id);
    if (!tenant) return Fault("there is no tenant " + id.str());
    if (const auto told = bring_together(*tenant); !told) return Fault(told.error());
    auto decision = decide(how, load_tenant(store_, id));
    if (!decision) return Fault(decision.error().detail.english());
    TenantOutcome outcome;
    if (decision->empty()) return outcome;
    if (auto retired = keys_.retire_tenant(id, clock_(), how.reason, by); !retired) {
        return Fault(std::move(retired).error());
    }
    const auto position = append(id, *decision, by);
    if (!position) return not_told(id, "retired", position.error());
    forget_credentials(id);
    outcome.events = *std::move(decision);
    outcome.position = *position;
    return outcome;
}

TenantState Tenants::state(const TenantId& id) {
    return load_tenant(store_, id);
}

std::expected<std::size_t, std::string> Tenants::bring_together() {
    constexpr std::size_t streams_at_once = 100;
    const std::scoped_lock lock(mutex_);
    std::size_t told = 0;
    std::vector<store::StreamAppend> streams;
    const auto flush = [&]() -> std::expected<void, std::string> {
        if (streams.empty()) return {};
        for (const auto& stream : streams) told += stream.events.size();
        const auto appended = log_.append(std::exchange(streams, {}));
        if (!appended) return Fault("the log could not be told of tenants: " + appended.error());
        return {};
    };
    for (const auto& tenant : keys_.tenants()) {
        std::ranges::move(missing_of(tenant), std::back_inserter(streams));
        if (streams.size() < streams_at_once) continue;
        if (const auto flushed = flush(); !flushed) return Fault(flushed.error());
    }
    if (auto missing = missing_master_key()) streams.push_back(*std::move(missing));
    if (const auto flushed = flush(); !flushed) return Fault(flushed.error());
    for (const auto& tenant : keys_.tenants()) {
        if (tenant.retired_at) forget_credentials(tenant.id);
    }
    return told;
}

std::expected<void, std::string> Tenants::bring_together(const store::Tenant& tenant) {
    auto streams = missing_of(tenant);
    if (streams.empty()) return {};
    if (const auto told = log_.append(std::move(streams)); !told) {
        return Fault("the log could not be told of " + tenant.id.str() + ": " + told.error());
    }
    return {};
}

/// The events that the log lacks. Retires the tenant here if the log says so: an older key file was
/// put back.
std::vector<store::StreamAppend> Tenants::missing_of(const store::Tenant& tenant) {
    const auto logged = load_tenant(store_, tenant.id);
    if (logged.retired) {
        const auto retired =
            keys_.retire_tenant(tenant.id, clock_(), logged.reason, tenant.changed_by);
        if (!retired) throw std::logic_error(retired.error());  // it was found there just now
        return {};
    }
    std::vector<store::StreamAppend> streams;
    if (const auto missing = missing_events(registered(tenant), logged); !missing.empty()) {
        auto& stream = streams.emplace_back(stream_of(tenant.id, missing, tenant.changed_by));
        if (tenant.retired_at) stream.events.back().occurred_at = *tenant.retired_at;
    }
    auto keys = missing_keys_of(tenant, logged.facts.first_key.value_or(""));
    if (keys) streams.push_back(*std::move(keys));
    return streams;
}

TenantState Tenants::registered(const store::Tenant& tenant) {
    TenantState state;
    const auto credentials = keys_.credentials(tenant.id);
    state.facts = facts_of(tenant, credentials.value_or(store::Credentials{}));
    if (!credentials) state.facts.webhooks.reset();  // no longer told
    state.credentials_replaced = tenant.credentials_replaced;
    state.retired = tenant.retired_at.has_value();
    state.reason = tenant.retired_for;
    return state;
}

/// But for commands that were accepted before: they need them to come to their end.
void Tenants::forget_credentials(const TenantId& id) {
    if (!keys_.credentials(id)) return;
    const auto unfinished = store_.journal().unfinished();
    if (std::ranges::none_of(unfinished, [&](const auto& row) { return row.tenant == id; })) {
        keys_.forget_credentials(id);
    }
}

store::StreamAppend Tenants::stream_of(
    const TenantId& id, const TenantEvents& events, const std::string& by
) {
    std::vector<Told> told;
    for (const auto& event : events) told.push_back({events::encode(event), by});
    return log_.stream(events::tenant_stream(id), std::move(told));
}

std::expected<Position, std::string> Tenants::append(
    const TenantId& id, const TenantEvents& events, const std::string& by
) {
    std::vector<store::StreamAppend> streams;
    streams.push_back(stream_of(id, events, by));
    return log_.append(std::move(streams));
}

}  // namespace vitrine::commands
