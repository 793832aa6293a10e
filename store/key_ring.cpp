#include "store/key_ring.hpp"

#include <algorithm>

namespace vitrine::store {

KeyRing::Entry::Entry(const ApiKey& named, const ApiKeyHash& hashed)
    : key(named),
      hash(hashed),
      used(named.last_used_at ? named.last_used_at->time_since_epoch().count() : 0) {}

std::optional<Timestamp> KeyRing::Entry::last_used_at() const {
    const auto micros = used.load(std::memory_order_relaxed);
    if (micros == 0) return std::nullopt;
    return Timestamp(std::chrono::microseconds(micros));
}

void KeyRing::add(const ApiKey& key, const ApiKeyHash& hash) {
    const std::unique_lock lock(mutex_);
    entries_.erase(key.prefix);
    entries_.try_emplace(key.prefix, key, hash);
}

bool KeyRing::has(std::string_view prefix) const {
    const std::shared_lock lock(mutex_);
    return entries_.contains(prefix);
}

void KeyRing::revoke(std::string_view prefix, Timestamp now, const std::string& by) {
    const std::unique_lock lock(mutex_);
    const auto found = entries_.find(prefix);
    if (found == entries_.end()) return;
    auto& key = found->second.key;
    key.revoked = true;
    key.revoked_at = now;
    key.revoked_by = by;
}

void KeyRing::note_shown(std::string_view prefix) {
    const std::unique_lock lock(mutex_);
    const auto found = entries_.find(prefix);
    if (found != entries_.end()) found->second.key.shown = true;
}

void KeyRing::revoke_all(const TenantId& tenant) {
    const std::unique_lock lock(mutex_);
    for (auto& [prefix, entry] : entries_) {
        if (entry.key.tenant == tenant) entry.key.revoked = true;
    }
}

void KeyRing::remove_all(const TenantId& tenant) {
    const std::unique_lock lock(mutex_);
    std::erase_if(entries_, [&tenant](const auto& each) {
        return each.second.key.tenant == tenant;
    });
}

std::vector<ApiKey> KeyRing::of(const TenantId& tenant) const {
    std::vector<ApiKey> keys;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [prefix, entry] : entries_) {
            if (entry.key.tenant != tenant) continue;
            keys.push_back(entry.key);
            keys.back().last_used_at = entry.last_used_at();
        }
    }
    std::ranges::sort(keys, {}, [](const ApiKey& key) {
        return std::pair(key.created_at, std::string_view(key.prefix));
    });
    return keys;
}

std::size_t KeyRing::count_active(const TenantId& tenant, Role role, Timestamp now) const {
    const auto keys = of(tenant);
    return static_cast<std::size_t>(std::ranges::count_if(keys, [role, now](const ApiKey& key) {
        return key.role == role && key.works(now);
    }));
}

const KeyRing::Entry* KeyRing::find(std::string_view api_key) const {
    if (api_key.size() != api_key_size) return nullptr;
    const auto hash = hash_api_key(api_key);
    const auto found = entries_.find(api_key.substr(0, api_key_prefix_size));
    if (found == entries_.end()) return nullptr;
    const auto& entry = found->second;
    return equal(hash, entry.hash) && !entry.key.revoked ? &entry : nullptr;
}

std::optional<Timestamp> KeyRing::expired_at(std::string_view api_key, Timestamp now) const {
    const std::shared_lock lock(mutex_);
    const auto* entry = find(api_key);
    return entry != nullptr && entry->key.has_expired(now) ? entry->key.expires_at : std::nullopt;
}

std::optional<Principal> KeyRing::authenticate(std::string_view api_key, Timestamp now) const {
    const std::shared_lock lock(mutex_);
    const auto* entry = find(api_key);
    if (entry == nullptr || entry->key.has_expired(now)) return std::nullopt;
    const auto& key = entry->key;
    entry->used.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    return Principal{.tenant = key.tenant, .role = key.role, .name = "key:" + key.prefix};
}

std::vector<KeyRing::Use> KeyRing::uses_after(Timestamp since) const {
    std::vector<Use> uses;
    const std::shared_lock lock(mutex_);
    for (const auto& [prefix, entry] : entries_) {
        const auto used = entry.last_used_at();
        if (used && *used > since) uses.push_back({prefix, *used});
    }
    return uses;
}

}  // namespace vitrine::store
