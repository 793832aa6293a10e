#pragma once

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
    void revoke(std::string_view prefix);
    std::vector<ApiKey> of(const TenantId& tenant) const;  // in order of creation
    std::size_t count_active(const TenantId& tenant, Role role) const;
    std::optional<Principal> authenticate(std::string_view api_key) const;

private:
    struct Entry {
        ApiKey key;
        ApiKeyHash hash;
    };
    mutable std::shared_mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace vitrine::store
