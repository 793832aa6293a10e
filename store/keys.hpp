#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace vitrine::store {

/// 32 random bytes that seal the secrets of keys.db. Never printed.
class MasterKey {
public:
    /// DIR/master.key, made with mode 0600 when absent. Throws std::runtime_error if it has other
    /// permissions or length.
    static MasterKey load_or_create(const std::filesystem::path& file);
    /// 64 hex digits (VITRINE_MASTER_KEY).
    static std::expected<MasterKey, std::string> from_hex(std::string_view hex);

    MasterKey(const MasterKey&) = default;
    MasterKey& operator=(const MasterKey&) = default;
    MasterKey(MasterKey&&) noexcept = default;
    MasterKey& operator=(MasterKey&&) noexcept = default;
    ~MasterKey();  // wipes it

    std::string_view bytes() const { return bytes_; }

private:
    explicit MasterKey(std::string bytes);
    std::string bytes_;
};

struct Credentials {
    std::string clubify_api_key;
    std::string clubify_tenant_id;
    std::string clubify_organization_id;  // may be empty
    std::string webhook_secret;           // may be empty
    bool operator==(const Credentials&) const = default;
};

struct Tenant {
    TenantId id;
    std::string environment = "live";  // test, live
    std::string domain;
    std::string locale = "pt_BR";
    Timestamp created_at;
};

enum class Role { reader, operator_, admin };  // each may do what the one before may

std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view name);

/// An API key as it is listed: the text itself is shown once, only its hash is kept.
struct ApiKey {
    std::string prefix;  // "vtr_1a2b3c4d": enough to recognise it
    TenantId tenant;
    Role role{};
    Timestamp created_at;
    bool revoked = false;
};

/// Who makes a request.
struct Principal {
    TenantId tenant;
    Role role{};
    std::string name;  // "key:vtr_1a2b3c4d"
};

/// The tenants of DIR/keys.db, read without the master key; none if there is no such file.
std::vector<TenantId> registered_tenants(const std::filesystem::path& file);

/// Tenants, their API keys and their sealed secrets: keys.db.
///
/// Concurrency: any thread. authenticate answers from memory.
/// Errors: what a user may get wrong is a value (one sentence); a broken file or a wrong master key
/// throws.
class Keys {
public:
    /// Opens or creates DIR/keys.db. Throws std::runtime_error if `master` does not open what is in
    /// it.
    static std::unique_ptr<Keys> open(const std::filesystem::path& file, MasterKey master);
    virtual ~Keys() = default;

    /// Registers the tenant and its first key (admin); the key's text, shown only now.
    virtual std::expected<std::string, std::string> add_tenant(
        const Tenant& tenant, const Credentials& credentials
    ) = 0;
    virtual std::vector<Tenant> tenants() = 0;
    virtual std::optional<Tenant> find_tenant(const TenantId& id) = 0;
    virtual std::optional<Credentials> credentials(const TenantId& id) = 0;

    /// At most two active keys per role.
    virtual std::expected<std::string, std::string> add_key(
        const TenantId& tenant, Role role, Timestamp now
    ) = 0;
    virtual std::vector<ApiKey> api_keys(const TenantId& tenant) = 0;
    virtual std::expected<void, std::string> revoke_key(
        const TenantId& tenant, std::string_view prefix
    ) = 0;

    virtual std::optional<Principal> authenticate(std::string_view api_key) = 0;
};

}  // namespace vitrine::store
