// The operations of Tenants that concern keys.
#include <algorithm>
#include <stdexcept>

#include "commands/tenants/key_history.hpp"
#include "commands/tenants/tenants.hpp"
#include "store/api_key_text.hpp"

namespace vitrine::commands {
namespace {

using Fault = std::unexpected<std::string>;

Fault no_tenant(const TenantId& id) {
    return Fault("there is no tenant " + id.str());
}

}  // namespace

std::expected<std::string, std::string> Tenants::add_key(
    const TenantId& id, const store::KeyRequest& request
) {
    const std::scoped_lock lock(mutex_);
    const auto tenant = keys_.find_tenant(id);
    if (!tenant) return no_tenant(id);
    if (const auto told = bring_together(*tenant); !told) return Fault(told.error());
    if (const auto revoked = revoke_unseen(id, request); !revoked) return Fault(revoked.error());
    const auto now = clock_();
    auto text = keys_.add_key(id, request, now);
    if (!text) return text;
    const auto key = find_key(id, text->substr(0, store::api_key_prefix_size));
    if (const auto told = tell_of_key(id, added(key.value()), request.by); !told) {
        // Nobody has seen it; the log hears of both at the next start.
        if (const auto undone = keys_.revoke_key(id, key->prefix, now, request.by); !undone)
            return Fault(undone.error());
        return Fault("the log could not be told (" + told.error() + "), so no key was added");
    }
    return text;
}

std::expected<void, std::string> Tenants::revoke_unseen(
    const TenantId& id, const store::KeyRequest& request
) {
    constexpr std::chrono::minutes seen_within{1};
    const auto now = clock_();
    for (const auto& key : keys_.api_keys(id)) {
        if (key.role != request.role || key.shown || key.last_used_at || !key.works(now) ||
            key.created_at > now - seen_within) {
            continue;
        }
        if (auto done = keys_.revoke_key(id, key.prefix, now, request.by); !done)
            return Fault(done.error());
        if (const auto told = tell_of_key(id, revoked(key), request.by); !told)
            return Fault("the log could not be told: " + told.error());
    }
    return {};
}

std::expected<RevokedKey, std::string> Tenants::revoke_key(
    const TenantId& id, const std::string& prefix, const std::string& by
) {
    const std::scoped_lock lock(mutex_);
    const auto tenant = keys_.find_tenant(id);
    if (!tenant) return no_tenant(id);
    // A log that cannot be told is no reason to let a key work on.
    static_cast<void>(bring_together(*tenant));
    const auto now = clock_();
    const auto before = find_key(id, prefix);
    if (auto done = keys_.revoke_key(id, prefix, now, by); !done) return Fault(done.error());
    RevokedKey outcome{.role = before.value().role};
    if (before->revoked) return outcome;
    const auto keys = keys_.api_keys(id);
    outcome.was_last_of_role = before->works(now) && std::ranges::none_of(keys, [&](auto& key) {
                                   return key.role == before->role && key.works(now);
                               });
    if (const auto told = tell_of_key(id, revoked(*before), by); !told) {
        return Fault(
            "the key " + prefix + " was revoked, but the log could not be told (" + told.error() +
            "); it will be at the next start"
        );
    }
    return outcome;
}

std::expected<bool, std::string> Tenants::withdraw(
    const TenantId& id, const std::string& first_key, const std::string& by
) {
    {
        const std::scoped_lock lock(mutex_);
        if (!keys_.find_tenant(id)) return no_tenant(id);
        if (is_unused(id) && keys_.api_keys(id).front().prefix == first_key) {
            if (const auto removed = remove(id, by); !removed) return Fault(removed.error());
            return true;
        }
    }
    if (const auto revoked = revoke_key(id, first_key, by); !revoked) return Fault(revoked.error());
    return false;
}

/// Nothing was done with it since it was registered.
bool Tenants::is_unused(const TenantId& id) {
    const auto tenant = keys_.find_tenant(id);
    if (!tenant || tenant->retired_at) return false;
    const auto keys = keys_.api_keys(id);
    if (keys.size() != 1 || keys.front().revoked || keys.front().last_used_at) return false;
    store::Filter filter;
    filter.tenant = id;
    return store_.read_all(1, filter, 1, store::Direction::forwards).empty();
}

/// As if it had never been registered.
std::expected<void, std::string> Tenants::remove(const TenantId& id, const std::string& by) {
    const auto decision = decide(WithdrawTenant{}, load_tenant(store_, id));
    keys_.remove_tenant(id);
    if (!decision) return {};  // the log had not heard of it
    if (const auto told = append(id, *decision, by); !told)
        return Fault("the log could not be told: " + told.error());
    return {};
}

std::expected<void, std::string> Tenants::tell_of_master_key() {
    const std::scoped_lock lock(mutex_);
    auto missing = missing_master_key();
    if (!missing) return {};
    std::vector<store::StreamAppend> streams;
    streams.push_back(*std::move(missing));
    if (const auto told = log_.append(std::move(streams)); !told) return Fault(told.error());
    return {};
}

std::optional<store::StreamAppend> Tenants::missing_master_key() {
    const auto changes = keys_.master_key_changes();
    const auto logged = load_keys(store_, events::master_key_stream()).master_key_changes;
    if (changes.count <= logged) return std::nullopt;
    const events::KeyEvent event = events::MasterKeyChanged{changes.count};
    return log_.stream(
        events::master_key_stream(), {{events::encode(event), changes.by, changes.at}}
    );
}

/// What the log lacks of a tenant's keys. Revokes those that it calls revoked: an older key file
/// was put back. Those of a retired tenant have ended with it.
std::optional<store::StreamAppend> Tenants::missing_keys_of(
    const store::Tenant& tenant, const std::string& first_key
) {
    if (tenant.retired_at) return std::nullopt;
    const auto logged = load_keys(store_, events::keys_stream(tenant.id));
    for (const auto& prefix : revived_keys(keys_.api_keys(tenant.id), logged)) {
        const auto revoked = keys_.revoke_key(tenant.id, prefix, clock_(), {});
        if (!revoked) throw std::logic_error(revoked.error());  // it was found there just now
    }
    auto missing = missing_events(keys_.api_keys(tenant.id), logged, first_key);
    if (missing.empty()) return std::nullopt;
    return log_.stream(events::keys_stream(tenant.id), std::move(missing));
}

std::expected<Position, std::string> Tenants::tell_of_key(
    const TenantId& id, const events::KeyEvent& event, const std::string& by
) {
    std::vector<store::StreamAppend> streams;
    streams.push_back(log_.stream(events::keys_stream(id), {{events::encode(event), by}}));
    return log_.append(std::move(streams));
}

std::optional<store::ApiKey> Tenants::find_key(const TenantId& id, std::string_view prefix) {
    const auto keys = keys_.api_keys(id);
    const auto found = std::ranges::find(keys, prefix, &store::ApiKey::prefix);
    return found == keys.end() ? std::nullopt : std::optional(*found);
}

}  // namespace vitrine::commands
