#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/api_key_text.hpp"
#include "store/keys.hpp"

namespace vitrine::store {

/// All API keys in memory, by prefix. Any thread.
class KeyRing {
public:
    void add(const ApiKey& key, const ApiKeyHash& hash);
    bool has(std::string_view prefix) const;
    void revoke(std::string_view prefix, Timestamp now, const std::string& by);
    void note_shown(std::string_view prefix);
    void revoke_all(const TenantId& tenant);
    void remove_all(const TenantId& tenant);
    std::vector<ApiKey> of(const TenantId& tenant) const;  // in order of creation
    std::size_t count_active(const TenantId& tenant, Role role, Timestamp now) const;
    /// `now` is noted as the key's last use.
    std::optional<Principal> authenticate(std::string_view api_key, Timestamp now) const;
    std::optional<Timestamp> expired_at(std::string_view api_key, Timestamp now) const;

    struct Use {
        std::string prefix;
        Timestamp at;
    };
    /// Of each key that was used after `since`.
    std::vector<Use> uses_after(Timestamp since) const;

private:
    struct Entry {
        Entry(const ApiKey& named, const ApiKeyHash& hashed);
        ApiKey key;
        ApiKeyHash hash;
        mutable std::atomic<std::int64_t> used;  // microseconds; 0: never
        std::optional<Timestamp> last_used_at() const;
    };
    /// Under the lock. nullptr: there is no such key, or it was revoked.
    const Entry* find(std::string_view api_key) const;

    mutable std::shared_mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace vitrine::store
