#include "commands/tenants/tenants.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "commands/tenants/branding.hpp"
#include "commands/tenants/tenant_rules.hpp"
#include "commands/webhooks/signature.hpp"
#include "core/locale_name.hpp"
#include "events/codec.hpp"
#include "gateways/payments/payments.hpp"
#include "store/api_key_text.hpp"

namespace vitrine::commands {
namespace {

using Fault = std::unexpected<std::string>;

events::TenantRegistered facts_of(
    const store::Tenant& tenant, const clubify::Credentials& credentials
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
void take_facts(
    const TenantState& state, store::Tenant& tenant, clubify::Credentials& credentials
) {
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

/// Whether what is kept for Pagar.me differs from what there was. The fault is a sentence.
std::expected<bool, std::string> replace(
    const TenantRevision& revision, std::optional<pagarme::Credentials>& pagarme
) {
    const auto before = pagarme.value_or(pagarme::Credentials{});
    auto now = before;
    if (revision.payments_key) now.secret_key = *revision.payments_key;
    if (revision.payments_hook) {
        if (auto hook = pagarme::hook_in(*revision.payments_hook))
            std::tie(now.hook_user, now.hook_password) = *std::move(hook);
    }
    if (const auto& payments = revision.change.payments)
        now.takes_payments = *payments == payments::pagarme;
    if (now.secret_key.empty() && (now.takes_payments || revision.payments_hook))
        return Fault("there is no key of Pagar.me yet: give --payments-key too");
    if (now == before) return false;
    pagarme = now;
    now.takes_payments = before.takes_payments;
    return now != before;
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
    std::vector<MemberFault>& faults, const JsonText& branding, const std::string& webhook_secret
) {
    if (!branding.empty()) {
        if (auto read = read_branding(branding.text); !read) {
            for (auto& fault : read.error()) faults.push_back({{"branding"}, std::move(fault)});
        }
    }
    if (auto fault = fault_of(webhook_secret))
        faults.push_back({{"webhook_secret"}, *std::move(fault)});
}

/// "pt_BR", also where "pt-BR" was given; what is no locale stays, to be told of.
std::string canonical(std::string locale) {
    return locale_name(locale).value_or(std::move(locale));
}

/// "vtr_1a2b3c4d"
std::string known_by(const std::string& api_key) {
    return api_key.substr(0, store::api_key_prefix_size);
}

}  // namespace

std::vector<MemberFault> addition_faults(const TenantAddition& addition) {
    auto faults = tenant_faults(addition.tenant, addition.credentials);
    add_faults(faults, addition.tenant.branding, addition.credentials.webhook_secret);
    return faults;
}

std::vector<MemberFault> revision_faults(const TenantRevision& revision) {
    const auto& change = revision.change;
    // A tenant of whom nothing is wrong that the revision does not say.
    store::Tenant tenant;
    clubify::Credentials credentials;
    tenant.id = TenantId("any");
    const auto key = revision.clubify_api_key.value_or(
        "clb_" + change.environment.value_or("live") + '_' + std::string(32, '0')
    );
    tenant.environment =
        change.environment.value_or(std::string(clubify::environment_of_key(key).value_or("live")));
    tenant.name = change.name.value_or("");
    tenant.domain = change.domain.value_or("");
    tenant.branding = change.branding;
    tenant.locale = change.locale.value_or(tenant.locale);
    credentials.clubify_api_key = key;
    credentials.clubify_tenant_id = change.clubify_tenant_id.value_or(std::string(24, '0'));
    credentials.clubify_organization_id = change.clubify_organization_id.value_or("");
    credentials.webhook_secret = revision.webhook_secret.value_or("");
    auto faults = addition_faults({std::move(tenant), std::move(credentials)});
    const auto add = [&faults](std::vector<MemberFault> more) {
        std::ranges::move(more, std::back_inserter(faults));
    };
    if (revision.payments_key) add(pagarme::key_faults(*revision.payments_key));
    if (revision.payments_hook) add(pagarme::hook_faults(*revision.payments_hook));
    return faults;
}

Tenants::Tenants(store::Keys& keys, store::EventStore& store, Clock clock, UuidSource new_id)
    : keys_(keys), store_(store), clock_(clock), log_(store, std::move(clock), std::move(new_id)) {}

std::expected<std::string, std::string> Tenants::add(const TenantAddition& given) {
    const std::scoped_lock lock(mutex_);
    auto addition = given;
    addition.tenant.locale = canonical(std::move(addition.tenant.locale));
    const auto& id = addition.tenant.id;
    if (auto fault = store::sentence_of(addition_faults(addition))) return Fault(*std::move(fault));
    if (is_unused(id) && !keys_.api_keys(id).front().shown) {
        if (const auto removed = remove(id, addition.tenant.changed_by); !removed)
            return Fault(removed.error());
    }
    const auto state = load_tenant(store_, id);
    auto decision = decide(RegisterTenant{facts_of(addition.tenant, addition.credentials)}, state);
    if (!decision) return Fault(decision.error().detail.english());
    auto key = keys_.add_tenant(addition.tenant, secrets_of(addition.credentials));
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
    auto credentials = credentials_of(keys_, id).value_or(clubify::Credentials{});
    const auto tenant_before = *tenant;
    const auto credentials_before = credentials;
    auto change = revision.change;
    if (change.locale) change.locale = canonical(*std::move(change.locale));
    change.replaces_credentials = replace(revision.clubify_api_key, credentials.clubify_api_key);
    if (replace(revision.webhook_secret, credentials.webhook_secret)) {
        change.replaces_credentials = true;
        change.webhooks = !credentials.webhook_secret.empty();
    }
    auto pagarme = pagarme_credentials_of(keys_, id);
    const auto replaces = replace(revision, pagarme);
    if (!replaces) return Fault(replaces.error());
    if (*replaces) change.replaces_credentials = true;
    auto decision = decide(change, state);
    if (!decision) return Fault(decision.error().detail.english());
    TenantOutcome outcome;
    if (decision->empty()) return outcome;
    for (const auto& event : *decision) state = evolve(std::move(state), event);
    take_facts(state, *tenant, credentials);
    auto faults = faults_of_change(tenant_before, credentials_before, *tenant, credentials);
    add_faults(faults, revision.change.branding, revision.webhook_secret.value_or(""));
    if (auto fault = store::sentence_of(faults)) return Fault(*std::move(fault));
    tenant->changed_by = revision.by;
    auto secrets = secrets_of(credentials);
    if (pagarme) secrets[pagarme::connector] = pagarme::secret_of(*pagarme);
    if (auto changed = keys_.change_tenant(*tenant, secrets); !changed) {
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
    forget_secrets(id);
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
        if (tenant.retired_at) forget_secrets(tenant.id);
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
    const auto credentials = credentials_of(keys_, tenant.id);
    state.facts = facts_of(tenant, credentials.value_or(clubify::Credentials{}));
    if (!credentials) state.facts.webhooks.reset();  // no longer told
    if (const auto pagarme = pagarme_credentials_of(keys_, tenant.id))
        state.facts.payments = provider_of(pagarme);
    state.credentials_replaced = tenant.credentials_replaced;
    state.retired = tenant.retired_at.has_value();
    state.reason = tenant.retired_for;
    return state;
}

/// But for commands that were accepted before: they need them to come to their end.
void Tenants::forget_secrets(const TenantId& id) {
    if (!keys_.secret(id, clubify::connector)) return;
    const auto unfinished = store_.journal().unfinished();
    if (std::ranges::none_of(unfinished, [&](const auto& row) { return row.tenant == id; })) {
        keys_.forget_secrets(id);
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
