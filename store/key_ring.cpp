#include "store/key_ring.hpp"

#include <algorithm>

namespace vitrine::store {

void KeyRing::add(const ApiKey& key, const ApiKeyHash& hash) {
    const std::unique_lock lock(mutex_);
    entries_.insert_or_assign(key.prefix, Entry{key, hash});
}

bool KeyRing::has(std::string_view prefix) const {
    const std::shared_lock lock(mutex_);
    return entries_.contains(prefix);
}

void KeyRing::revoke(std::string_view prefix) {
    const std::unique_lock lock(mutex_);
    if (const auto found = entries_.find(prefix); found != entries_.end()) {
        found->second.key.revoked = true;
    }
}

std::vector<ApiKey> KeyRing::of(const TenantId& tenant) const {
    std::vector<ApiKey> keys;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [prefix, entry] : entries_) {
            if (entry.key.tenant == tenant) keys.push_back(entry.key);
        }
    }
    std::ranges::sort(keys, {}, [](const ApiKey& key) {
        return std::pair(key.created_at, std::string_view(key.prefix));
    });
    return keys;
}

std::size_t KeyRing::count_active(const TenantId& tenant, Role role) const {
    const auto keys = of(tenant);
    return static_cast<std::size_t>(std::ranges::count_if(keys, [role](const ApiKey& key) {
        return key.role == role && !key.revoked;
    }));
}

std::optional<Principal> KeyRing::authenticate(std::string_view api_key) const {
    if (api_key.size() != api_key_size) return std::nullopt;
    const auto hash = hash_api_key(api_key);
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(api_key.substr(0, api_key_prefix_size));
    if (found == entries_.end()) return std::nullopt;
    const auto& [key, stored] = found->second;
    if (!equal(hash, stored) || key.revoked) return std::nullopt;
    return Principal{.tenant = key.tenant, .role = key.role, .name = "key:" + key.prefix};
}

}  // namespace vitrine::store
