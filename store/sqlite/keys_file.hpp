#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/api_key_text.hpp"
#include "store/key_ring.hpp"
#include "store/keys.hpp"

namespace vitrine::store::sqlite {

/// The tables of keys.db. Secrets come in and go out sealed. One thread at a time.
class KeysFile {
public:
    struct SealedTenant {
        Tenant tenant;
        std::string sealed;  // empty: forgotten
    };
    struct HashedKey {
        ApiKey key;
        ApiKeyHash hash{};
    };

    explicit KeysFile(const std::filesystem::path& file);

    /// Bytes that only the right master key opens; nullopt in a new file.
    std::optional<std::string> key_check();
    void set_key_check(const std::string& sealed);
    /// All sealed bytes and the check anew, in one commit.
    void reseal(
        const std::vector<SealedTenant>& tenants,
        const std::string& key_check,
        const MasterKeyChanges& changes
    );
    MasterKeyChanges master_key_changes();

    std::vector<SealedTenant> tenants();
    std::vector<HashedKey> api_keys();

    /// Each is on disk when it returns.
    void add(const SealedTenant& tenant, const HashedKey& first_key);
    void add(const HashedKey& key);
    void revoke(const std::string& prefix, Timestamp now, const std::string& by);
    void note_uses(const std::vector<KeyRing::Use>& uses);
    /// All but when it was created and retired.
    void change(const SealedTenant& tenant);
    /// And revokes its keys.
    void retire(
        const TenantId& tenant,
        Timestamp at,
        const std::optional<std::string>& reason,
        const std::string& by
    );
    void remove(const TenantId& tenant);
    void forget(const TenantId& tenant);

private:
    void insert(const HashedKey& key);
    SQLite::Database connection_;
};

}  // namespace vitrine::store::sqlite
