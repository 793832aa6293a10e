#include "commands/tenants/tenants.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "commands/webhooks/signature.hpp"
#include "events/codec.hpp"
#include "store/append_and_wait.hpp"

namespace vitrine::commands {
namespace {

using Fault = std::unexpected<std::string>;

/// With whoever runs the program on the server's machine.
constexpr const char* actor = "operator";

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

}  // namespace

Tenants::Tenants(store::Keys& keys, store::EventStore& store, Clock clock, UuidSource new_id)
    : keys_(keys), store_(store), clock_(std::move(clock)), new_id_(std::move(new_id)) {}

std::expected<std::string, std::string> Tenants::add(const TenantAddition& addition) {
    const std::scoped_lock lock(mutex_);
    const auto& id = addition.tenant.id;
    if (auto fault = fault_of(addition.credentials.webhook_secret)) return Fault(*fault);
    const auto state = load_tenant(store_, id);
    const auto decision =
        decide(RegisterTenant{facts_of(addition.tenant, addition.credentials)}, state);
    if (!decision) return Fault(decision.error().detail.english());
    auto key = keys_.add_tenant(addition.tenant, addition.credentials);
    if (!key) return key;
    if (const auto told = append(id, *decision); !told) {
        return not_told(id, "registered (vitrine key add gives it a key)", told.error());
    }
    return key;
}

std::expected<TenantOutcome, std::string> Tenants::change(
    const TenantId& id, const TenantRevision& revision
) {
    const std::scoped_lock lock(mutex_);
    if (auto fault = fault_of(revision.webhook_secret.value_or(""))) return Fault(*fault);
    auto tenant = keys_.find_tenant(id);
    if (!tenant) return Fault("there is no tenant " + id.str());
    if (const auto told = bring_together(*tenant); !told) return Fault(told.error());
    auto state = load_tenant(store_, id);
    auto credentials = keys_.credentials(id).value_or(store::Credentials{});
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
    if (auto changed = keys_.change_tenant(*tenant, credentials); !changed) {
        return Fault(std::move(changed).error());
    }
    const auto position = append(id, *decision);
    if (!position) return not_told(id, "changed", position.error());
    outcome.events = *std::move(decision);
    outcome.position = *position;
    return outcome;
}

std::expected<TenantOutcome, std::string> Tenants::retire(
    const TenantId& id, const RetireTenant& how
) {
    const std::scoped_lock lock(mutex_);
    const auto tenant = keys_.find_tenant(id);
    if (!tenant) return Fault("there is no tenant " + id.str());
    if (const auto told = bring_together(*tenant); !told) return Fault(told.error());
    auto decision = decide(how, load_tenant(store_, id));
    if (!decision) return Fault(decision.error().detail.english());
    TenantOutcome outcome;
    if (decision->empty()) return outcome;
    if (auto retired = keys_.retire_tenant(id, clock_(), how.reason); !retired) {
        return Fault(std::move(retired).error());
    }
    const auto position = append(id, *decision);
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
        const auto appended = append(std::exchange(streams, {}));
        if (!appended) return Fault("the log could not be told of tenants: " + appended.error());
        return {};
    };
    for (const auto& tenant : keys_.tenants()) {
        if (auto missing = missing_of(tenant)) streams.push_back(*std::move(missing));
        if (streams.size() < streams_at_once) continue;
        if (const auto flushed = flush(); !flushed) return Fault(flushed.error());
    }
    if (const auto flushed = flush(); !flushed) return Fault(flushed.error());
    for (const auto& tenant : keys_.tenants()) {
        if (tenant.retired_at) forget_credentials(tenant.id);
    }
    return told;
}

std::expected<void, std::string> Tenants::bring_together(const store::Tenant& tenant) {
    auto missing = missing_of(tenant);
    if (!missing) return {};
    std::vector<store::StreamAppend> streams;
    streams.push_back(*std::move(missing));
    if (const auto told = append(std::move(streams)); !told) {
        return Fault("the log could not be told of " + tenant.id.str() + ": " + told.error());
    }
    return {};
}

/// The events that the log lacks. Retires the tenant here if the log says so: an older key file was
/// put back.
std::optional<store::StreamAppend> Tenants::missing_of(const store::Tenant& tenant) {
    const auto logged = load_tenant(store_, tenant.id);
    if (logged.retired) {
        const auto retired = keys_.retire_tenant(tenant.id, clock_(), logged.reason);
        if (!retired) throw std::logic_error(retired.error());  // it was found there just now
        return std::nullopt;
    }
    const auto missing = missing_events(registered(tenant), logged);
    if (missing.empty()) return std::nullopt;
    auto stream = stream_of(tenant.id, missing);
    if (tenant.retired_at) stream.events.back().occurred_at = *tenant.retired_at;
    return stream;
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

store::StreamAppend Tenants::stream_of(const TenantId& id, const TenantEvents& events) {
    store::StreamAppend stream;
    stream.stream = events::tenant_stream(id);
    const auto version = store_.stream_version(events::operator_tenant(), stream.stream);
    stream.expected =
        version == 0 ? store::ExpectedVersion::no_stream() : store::ExpectedVersion::exact(version);
    events::Metadata metadata;
    metadata.command_id = CommandId(new_id_());
    metadata.correlation_id = CorrelationId(metadata.command_id.str());
    metadata.actor = actor;
    for (const auto& event : events) {
        auto encoded = events::encode(event);
        auto& added = stream.events.emplace_back();
        added.id = EventId(new_id_());
        added.type = std::move(encoded.type);
        added.schema = encoded.schema;
        added.data = std::move(encoded.data);
        added.metadata = events::encode_metadata(metadata);
        added.occurred_at = clock_();
    }
    return stream;
}

/// Waits for the commit; the position of the last event.
std::expected<Position, std::string> Tenants::append(std::vector<store::StreamAppend> streams) {
    store::Append append;
    append.tenant = events::operator_tenant();
    append.streams = std::move(streams);
    append.has_happened = true;  // the key file has it
    const auto result = store::append_and_wait(store_, std::move(append));
    if (!result) return Fault(result.error().detail);
    return result->last;
}

std::expected<Position, std::string> Tenants::append(
    const TenantId& id, const TenantEvents& events
) {
    std::vector<store::StreamAppend> streams;
    streams.push_back(stream_of(id, events));
    return append(std::move(streams));
}

}  // namespace vitrine::commands
