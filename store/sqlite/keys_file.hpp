#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/api_key_text.hpp"
#include "store/keys.hpp"

namespace vitrine::store::sqlite {

/// The tables of keys.db. Secrets come in and go out sealed. One thread at a time.
class KeysFile {
public:
    struct SealedTenant {
        Tenant tenant;
        std::string sealed;
    };
    struct HashedKey {
        ApiKey key;
        ApiKeyHash hash{};
    };

    explicit KeysFile(const std::filesystem::path& file);

    /// Bytes that only the right master key opens; nullopt in a new file.
    std::optional<std::string> key_check();
    void set_key_check(const std::string& sealed);

    std::vector<SealedTenant> tenants();
    std::vector<HashedKey> api_keys();

    /// Each is on disk when it returns.
    void add(const SealedTenant& tenant, const HashedKey& first_key);
    void add(const HashedKey& key);
    void revoke(const std::string& prefix);

private:
    void insert(const HashedKey& key);
    SQLite::Database connection_;
};

}  // namespace vitrine::store::sqlite
