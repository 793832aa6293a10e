#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"

namespace vitrine::store {

/// 32 random bytes that seal the secrets of keys.db. Never printed.
class MasterKey {
public:
    static constexpr std::size_t key_bytes = 32;

    /// DIR/master.key, made with mode 0600 when absent. Throws std::runtime_error if it has other
    /// permissions or length.
    static MasterKey load_or_create(const std::filesystem::path& file);
    static MasterKey load(const std::filesystem::path& file);
    static MasterKey fresh();
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

/// What a tenant's connectors call in its name with: by connector, a JSON object that only the
/// connector knows.
using Secrets = std::map<std::string, JsonText>;

struct Tenant {
    TenantId id;
    std::string name;                  // for people; may be empty
    std::string environment = "live";  // test, live
    std::string domain;                // may be empty
    JsonText branding;                 // an object; empty: none
    std::string locale = "pt_BR";
    Timestamp created_at;
    std::int64_t credentials_replaced = 0;  // how often a secret of it was
    std::optional<Timestamp> retired_at = {};
    std::optional<std::string> retired_for = {};  // the reason, where one was given
    std::string changed_by = {};  // who registered, changed or retired it last; empty: not known
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
    std::optional<Timestamp> last_used_at = {};
    std::string label = {};  // for people; may be empty
    std::optional<Timestamp> expires_at = {};
    std::string added_by = {};  // empty: not known
    std::optional<Timestamp> revoked_at = {};
    std::string revoked_by = {};
    bool shown = true;  // false: whoever asked for it may have been cut off before seeing it

    bool has_expired(Timestamp now) const { return expires_at && *expires_at <= now; }
    bool works(Timestamp now) const { return !revoked && !has_expired(now); }
};

/// A key as it is asked for.
struct KeyRequest {
    Role role{};
    std::string label = {};
    std::optional<Timestamp> expires_at = {};
    std::string by = {};
};

/// How often the master key was changed, and by whom last.
struct MasterKeyChanges {
    std::int64_t count = 0;
    Timestamp at = {};
    std::string by = {};
};

/// Who makes a request.
struct Principal {
    TenantId tenant;
    Role role{};
    std::string name;  // "key:vtr_1a2b3c4d"
};

/// The tenants of DIR/keys.db, read without the master key; none if there is no such file.
std::vector<TenantId> registered_tenants(const std::filesystem::path& file);

/// Whether the master key is the one that sealed DIR/keys.db. Any is, while there is no such file.
bool opens(const MasterKey& master, const std::filesystem::path& keys_file);

/// Tenants, their API keys and their sealed secrets: keys.db.
///
/// Concurrency: any thread. authenticate answers from memory.
/// Errors: what a user may get wrong is a value (one sentence); a broken file or a wrong master key
/// throws.
class Keys {
public:
    /// Opens or creates DIR/keys.db. Throws std::runtime_error if `master` does not open what is in
    /// it.
    static std::unique_ptr<Keys> open(
        const std::filesystem::path& file, MasterKey master, Clock clock = system_clock()
    );
    virtual ~Keys() = default;

    /// Registers the tenant and its first key (admin); the key's text, shown only now. It is one
    /// that nobody may have seen until note_shown, as are those of add_key; it works all the same.
    virtual std::expected<std::string, std::string> add_tenant(
        const Tenant& tenant, const Secrets& secrets
    ) = 0;
    /// Replaces what is known of a tenant that is not retired, with the secrets of these
    /// connectors: one commit. When it was created stays.
    virtual std::expected<void, std::string> change_tenant(
        const Tenant& tenant, const Secrets& secrets
    ) = 0;
    /// None of its keys works from now on, and it gets no other. Of no effect if it is so already.
    virtual std::expected<void, std::string> retire_tenant(
        const TenantId& id,
        Timestamp now,
        const std::optional<std::string>& reason,
        const std::string& by
    ) = 0;
    /// As if it had never been registered; its keys go with it. Of no effect if there is none.
    virtual void remove_tenant(const TenantId& id) = 0;
    /// Overwrites the secrets of a retired tenant.
    virtual void forget_secrets(const TenantId& id) = 0;
    /// Grows with every change of a tenant: what was read of one before may be out of date.
    virtual std::uint64_t revision() const = 0;
    virtual std::vector<Tenant> tenants() = 0;  // retired ones too
    virtual std::optional<Tenant> find_tenant(const TenantId& id) = 0;
    /// nullopt: no such tenant, it has none for the connector, or they were forgotten.
    virtual std::optional<JsonText> secret(const TenantId& id, const std::string& connector) = 0;

    /// Keeps a secret of one connector beside the tenant's others, instead of the one before.
    virtual std::expected<void, std::string> keep_secret(
        const TenantId& id, const std::string& connector, const JsonText& secret
    ) = 0;
    /// Overwrites it. Of no effect if there is none.
    virtual void drop_secret(const TenantId& id, const std::string& connector) = 0;

    /// At most two keys that work per role.
    virtual std::expected<std::string, std::string> add_key(
        const TenantId& tenant, const KeyRequest& request, Timestamp now
    ) = 0;
    virtual std::vector<ApiKey> api_keys(const TenantId& tenant) = 0;
    virtual std::expected<void, std::string> revoke_key(
        const TenantId& tenant, std::string_view prefix, Timestamp now, const std::string& by
    ) = 0;

    /// Somebody has seen the key.
    virtual std::expected<void, std::string> note_shown(
        const TenantId& tenant, std::string_view prefix
    ) = 0;

    virtual std::optional<Principal> authenticate(std::string_view api_key) = 0;
    /// Since when the key works no more, if that is because it has expired. Only whoever has the
    /// whole key is told.
    virtual std::optional<Timestamp> expired_at(std::string_view api_key) = 0;
    /// authenticate notes a key's use in memory; this writes what was noted since it was last
    /// called. A process that is killed loses no more than that.
    virtual void save_uses() = 0;

    /// Seals everything under another master key, and counts that, in one commit.
    virtual void change_master_key(const MasterKey& fresh, const std::string& by) = 0;
    virtual MasterKeyChanges master_key_changes() = 0;
};

}  // namespace vitrine::store
