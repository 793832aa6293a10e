#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include "store/damage.hpp"
#include "store/key_ring.hpp"
#include "store/keys.hpp"
#include "store/sealed_box.hpp"
#include "store/sqlite/keys_file.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

constexpr std::size_t active_keys_per_role = 2;
constexpr std::string_view key_check_owner = "vitrine key check";
constexpr std::string_view key_check_text = "opened";

std::string owner_of(const TenantId& tenant) {
    return "vitrine credentials of " + tenant.str();
}

/// Each text followed by a zero byte, which none of them can hold.
std::string pack(const Credentials& credentials) {
    std::string packed;
    for (const auto* text :
         {&credentials.clubify_api_key,
          &credentials.clubify_tenant_id,
          &credentials.clubify_organization_id,
          &credentials.webhook_secret}) {
        packed.append(*text).append(1, '\0');
    }
    return packed;
}

Credentials unpack(std::string_view packed) {
    Credentials credentials;
    for (auto* text :
         {&credentials.clubify_api_key,
          &credentials.clubify_tenant_id,
          &credentials.clubify_organization_id,
          &credentials.webhook_secret}) {
        const auto end = packed.find('\0');
        if (end == std::string_view::npos) {
            throw Damaged("the key file is damaged: credentials are cut off");
        }
        *text = packed.substr(0, end);
        packed.remove_prefix(end + 1);
    }
    return credentials;
}

bool has_zero_byte(const Credentials& credentials) {
    return std::ranges::count(pack(credentials), '\0') != 4;
}

class SqliteKeys : public Keys {
public:
    SqliteKeys(const std::filesystem::path& file, MasterKey master)
        : file_(file), master_(std::move(master)) {
        check_master();
        for (auto& sealed : file_.tenants()) tenants_.emplace(sealed.tenant.id, sealed);
        for (const auto& key : file_.api_keys()) ring_.add(key.key, key.hash);
    }

    std::expected<std::string, std::string> add_tenant(
        const Tenant& tenant, const Credentials& credentials
    ) override {
        if (auto checked = check_tenant(tenant, credentials); !checked) {
            return std::unexpected(checked.error());
        }
        if (has_zero_byte(credentials)) {
            return std::unexpected("a credential must not hold a zero byte");
        }
        const std::unique_lock lock(mutex_);
        if (tenants_.contains(tenant.id)) {
            return std::unexpected("tenant " + tenant.id.str() + " exists already");
        }
        auto packed = pack(credentials);
        const KeysFile::SealedTenant sealed{tenant, seal(master_, owner_of(tenant.id), packed)};
        wipe(packed);
        auto [text, key] = make_key(tenant.id, Role::admin, tenant.created_at);
        file_.add(sealed, key);
        tenants_.emplace(tenant.id, sealed);
        ring_.add(key.key, key.hash);
        return text;
    }

    std::vector<Tenant> tenants() override {
        const std::shared_lock lock(mutex_);
        std::vector<Tenant> tenants;
        tenants.reserve(tenants_.size());
        for (const auto& [id, sealed] : tenants_) tenants.push_back(sealed.tenant);
        return tenants;
    }

    std::optional<Tenant> find_tenant(const TenantId& id) override {
        const std::shared_lock lock(mutex_);
        const auto found = tenants_.find(id);
        return found == tenants_.end() ? std::nullopt : std::optional(found->second.tenant);
    }

    std::optional<Credentials> credentials(const TenantId& id) override {
        const std::shared_lock lock(mutex_);
        const auto found = tenants_.find(id);
        if (found == tenants_.end()) return std::nullopt;
        auto packed = unseal(master_, owner_of(id), found->second.sealed);
        if (!packed) {
            throw Damaged(
                "the key file is damaged: the credentials of " + id.str() + " do not open"
            );
        }
        auto credentials = unpack(*packed);
        wipe(*packed);
        return credentials;
    }

    std::expected<std::string, std::string> add_key(
        const TenantId& tenant, Role role, Timestamp now
    ) override {
        const std::unique_lock lock(mutex_);
        if (!tenants_.contains(tenant)) return std::unexpected("no tenant " + tenant.str());
        if (ring_.count_active(tenant, role) >= active_keys_per_role) {
            return std::unexpected(
                "tenant " + tenant.str() + " has two active keys of role " +
                std::string(role_name(role)) + ": revoke one first"
            );
        }
        auto [text, key] = make_key(tenant, role, now);
        file_.add(key);
        ring_.add(key.key, key.hash);
        return text;
    }

    std::vector<ApiKey> api_keys(const TenantId& tenant) override { return ring_.of(tenant); }

    std::expected<void, std::string> revoke_key(const TenantId& tenant, std::string_view prefix)
        override {
        const std::unique_lock lock(mutex_);
        const auto keys = ring_.of(tenant);
        const auto found = std::ranges::find(keys, prefix, &ApiKey::prefix);
        if (found == keys.end()) {
            return std::unexpected("tenant " + tenant.str() + " has no key " + std::string(prefix));
        }
        if (found->revoked) return {};
        file_.revoke(found->prefix);
        ring_.revoke(prefix);
        return {};
    }

    std::optional<Principal> authenticate(std::string_view api_key) override {
        return ring_.authenticate(api_key);
    }

private:
    struct NewKey {
        std::string text;
        KeysFile::HashedKey key;
    };

    void check_master() {
        if (const auto sealed = file_.key_check()) {
            if (unseal(master_, key_check_owner, *sealed) != key_check_text) {
                throw std::runtime_error("the master key is not the one that sealed keys.db");
            }
        } else {
            file_.set_key_check(seal(master_, key_check_owner, key_check_text));
        }
    }

    NewKey make_key(const TenantId& tenant, Role role, Timestamp now) {
        auto text = make_api_key();
        while (ring_.has(text.substr(0, api_key_prefix_size))) text = make_api_key();
        const ApiKey key{
            .prefix = text.substr(0, api_key_prefix_size),
            .tenant = tenant,
            .role = role,
            .created_at = now,
        };
        const auto hash = hash_api_key(text);
        return {std::move(text), {key, hash}};
    }

    std::shared_mutex mutex_;  // guards what follows, except the ring, which guards itself
    KeysFile file_;
    MasterKey master_;
    std::map<TenantId, KeysFile::SealedTenant> tenants_;
    KeyRing ring_;
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<Keys> Keys::open(const std::filesystem::path& file, MasterKey master) {
    return std::make_unique<sqlite::SqliteKeys>(file, std::move(master));
}

}  // namespace vitrine::store
