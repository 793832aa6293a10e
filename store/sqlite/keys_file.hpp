#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <map>
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
    using SealedSecrets = std::map<std::string, std::string>;  // by connector
    struct SealedTenant {
        Tenant tenant;
        SealedSecrets secrets;  // none: forgotten
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
    void note_shown(const std::string& prefix);
    void note_uses(const std::vector<KeyRing::Use>& uses);
    /// All but when it was created and retired; and these secrets, in one commit.
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
    /// In place of those of the same connectors.
    void put(const TenantId& tenant, const SealedSecrets& secrets);
    void forget(const TenantId& tenant, const std::string& connector);

    /// A file of an older version, which kept the secrets of one connector with the tenant: those
    /// of each tenant, as they are sealed. Empty ones were forgotten.
    bool has_older_secrets();
    std::map<TenantId, std::string> older_secrets();
    /// Leads it to the present, in one commit.
    void replace_older_secrets(const std::map<TenantId, SealedSecrets>& secrets);

private:
    void insert(const HashedKey& key);
    std::filesystem::path file_;  // named in what is thrown
    SQLite::Database connection_;
};

}  // namespace vitrine::store::sqlite
