#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include "core/locale_name.hpp"
#include "store/damage.hpp"
#include "store/key_ring.hpp"
#include "store/keys.hpp"
#include "store/sealed_box.hpp"
#include "store/sqlite/keys_file.hpp"
#include "store/sqlite/older_secrets.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

constexpr std::size_t active_keys_per_role = 2;
constexpr std::string_view key_check_owner = "vitrine key check";
constexpr std::string_view key_check_text = "opened";

std::string owner_of(const TenantId& tenant, const std::string& connector) {
    return "vitrine secret of " + tenant.str() + " for " + connector;
}

class SqliteKeys : public Keys {
public:
    SqliteKeys(const std::filesystem::path& file, MasterKey master, Clock clock)
        : file_(file), master_(std::move(master)), clock_(std::move(clock)) {
        uses_saved_ = clock_();
        check_master();
        take_older_secrets();
        for (auto& sealed : file_.tenants()) {
            // An older version kept it as it was given.
            if (auto name = locale_name(sealed.tenant.locale))
                sealed.tenant.locale = *std::move(name);
            tenants_.emplace(sealed.tenant.id, sealed);
        }
        for (const auto& key : file_.api_keys()) ring_.add(key.key, key.hash);
        master_key_changes_ = file_.master_key_changes();
    }

    std::expected<std::string, std::string> add_tenant(const Tenant& tenant, const Secrets& secrets)
        override {
        if (auto fault = sentence_of(tenant_faults(tenant))) {
            return std::unexpected(*std::move(fault));
        }
        const std::unique_lock lock(mutex_);
        if (tenants_.contains(tenant.id)) {
            return std::unexpected(
                "tenant " + tenant.id.str() +
                " exists already; `vitrine key add` makes another key for it"
            );
        }
        const KeysFile::SealedTenant sealed{tenant, sealed_secrets(tenant.id, secrets)};
        const KeyRequest first{.role = Role::admin, .by = tenant.changed_by};
        auto [text, key] = make_key(tenant.id, first, tenant.created_at);
        file_.add(sealed, key);
        tenants_.emplace(tenant.id, sealed);
        ring_.add(key.key, key.hash);
        ++revision_;
        return text;
    }

    std::expected<void, std::string> change_tenant(const Tenant& tenant, const Secrets& secrets)
        override {
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(tenant.id);
        if (found == tenants_.end()) return std::unexpected("no tenant " + tenant.id.str());
        const auto& known = found->second.tenant;
        if (known.retired_at) return std::unexpected(retired(tenant.id));
        if (auto fault = sentence_of(faults_of_change(known, tenant))) {
            return std::unexpected(*std::move(fault));
        }
        KeysFile::SealedTenant sealed{tenant, sealed_secrets(tenant.id, secrets)};
        sealed.tenant.created_at = known.created_at;
        sealed.tenant.retired_at = std::nullopt;
        file_.change(sealed);
        sealed.secrets.merge(found->second.secrets);  // those that stay
        found->second = std::move(sealed);
        ++revision_;
        return {};
    }

    std::expected<void, std::string> retire_tenant(
        const TenantId& id,
        Timestamp now,
        const std::optional<std::string>& reason,
        const std::string& by
    ) override {
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(id);
        if (found == tenants_.end()) return std::unexpected("no tenant " + id.str());
        if (found->second.tenant.retired_at) return {};
        file_.retire(id, now, reason, by);
        found->second.tenant.retired_at = now;
        found->second.tenant.retired_for = reason;
        found->second.tenant.changed_by = by;
        ring_.revoke_all(id);
        ++revision_;
        return {};
    }

    void remove_tenant(const TenantId& id) override {
        const std::unique_lock lock(mutex_);
        file_.remove(id);
        tenants_.erase(id);
        ring_.remove_all(id);
        ++revision_;
    }

    void forget_secrets(const TenantId& id) override {
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(id);
        if (found == tenants_.end() || found->second.secrets.empty()) return;
        if (!found->second.tenant.retired_at) return;
        file_.forget(id);
        found->second.secrets.clear();
        ++revision_;
    }

    std::uint64_t revision() const override { return revision_; }

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

    std::optional<JsonText> secret(const TenantId& id, const std::string& connector) override {
        const std::shared_lock lock(mutex_);
        const auto tenant = tenants_.find(id);
        if (tenant == tenants_.end()) return std::nullopt;
        const auto found = tenant->second.secrets.find(connector);
        if (found == tenant->second.secrets.end()) return std::nullopt;
        return JsonText(opened(id, owner_of(id, connector), found->second));
    }

    std::expected<void, std::string> keep_secret(
        const TenantId& id, const std::string& connector, const JsonText& secret
    ) override {
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(id);
        if (found == tenants_.end()) return std::unexpected("no tenant " + id.str());
        if (found->second.tenant.retired_at) return std::unexpected(retired(id));
        const auto sealed = sealed_secrets(id, {{connector, secret}});
        file_.put(id, sealed);
        found->second.secrets.insert_or_assign(connector, sealed.at(connector));
        return {};
    }

    void drop_secret(const TenantId& id, const std::string& connector) override {
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(id);
        if (found == tenants_.end() || !found->second.secrets.contains(connector)) return;
        file_.forget(id, connector);
        found->second.secrets.erase(connector);
    }

    std::expected<std::string, std::string> add_key(
        const TenantId& tenant, const KeyRequest& request, Timestamp now
    ) override {
        if (auto fault = fault_of(request, now)) return std::unexpected(*std::move(fault));
        const std::unique_lock lock(mutex_);
        const auto found = tenants_.find(tenant);
        if (found == tenants_.end()) return std::unexpected("no tenant " + tenant.str());
        if (found->second.tenant.retired_at) return std::unexpected(retired(tenant));
        if (ring_.count_active(tenant, request.role, now) >= active_keys_per_role) {
            return std::unexpected(
                "tenant " + tenant.str() + " has two active keys of role " +
                std::string(role_name(request.role)) + ": revoke one first"
            );
        }
        auto [text, key] = make_key(tenant, request, now);
        file_.add(key);
        ring_.add(key.key, key.hash);
        return text;
    }

    std::vector<ApiKey> api_keys(const TenantId& tenant) override { return ring_.of(tenant); }

    std::expected<void, std::string> note_shown(const TenantId& tenant, std::string_view prefix)
        override {
        const std::unique_lock lock(mutex_);
        const auto found = find_key(tenant, prefix);
        if (!found) return std::unexpected(no_key(tenant, prefix));
        if (found->shown) return {};
        file_.note_shown(found->prefix);
        ring_.note_shown(prefix);
        return {};
    }

    std::expected<void, std::string> revoke_key(
        const TenantId& tenant, std::string_view prefix, Timestamp now, const std::string& by
    ) override {
        const std::unique_lock lock(mutex_);
        const auto found = find_key(tenant, prefix);
        if (!found) return std::unexpected(no_key(tenant, prefix));
        if (found->revoked) return {};
        file_.revoke(found->prefix, now, by);
        ring_.revoke(prefix, now, by);
        return {};
    }

    std::optional<Principal> authenticate(std::string_view api_key) override {
        return ring_.authenticate(api_key, clock_());
    }

    std::optional<Timestamp> expired_at(std::string_view api_key) override {
        return ring_.expired_at(api_key, clock_());
    }

    void save_uses() override {
        const std::unique_lock lock(mutex_);
        const auto now = clock_();
        const auto uses = ring_.uses_after(uses_saved_);
        if (!uses.empty()) file_.note_uses(uses);
        // One that is noted while this looks may have an earlier time: it is written again.
        uses_saved_ = now - std::chrono::seconds(1);
    }

    void change_master_key(const MasterKey& fresh, const std::string& by) override {
        const std::unique_lock lock(mutex_);
        std::vector<KeysFile::SealedTenant> resealed;
        for (const auto& [id, tenant] : tenants_) {
            auto& anew = resealed.emplace_back(tenant.tenant);
            for (const auto& [connector, sealed] : tenant.secrets) {
                const auto owner = owner_of(id, connector);
                auto text = opened(id, owner, sealed);
                anew.secrets[connector] = seal(fresh, owner, text);
                wipe(text);
            }
        }
        const MasterKeyChanges changes{master_key_changes_.count + 1, clock_(), by};
        file_.reseal(resealed, seal(fresh, key_check_owner, key_check_text), changes);
        master_ = fresh;
        master_key_changes_ = changes;
        for (auto& tenant : resealed) tenants_.insert_or_assign(tenant.tenant.id, tenant);
    }

    MasterKeyChanges master_key_changes() override {
        const std::shared_lock lock(mutex_);
        return master_key_changes_;
    }

private:
    struct NewKey {
        std::string text;
        KeysFile::HashedKey key;
    };

    static std::string retired(const TenantId& tenant) {
        return "tenant " + tenant.str() + " is retired";
    }

    static std::string no_key(const TenantId& tenant, std::string_view prefix) {
        return "tenant " + tenant.str() + " has no key " + std::string(prefix);
    }

    std::optional<ApiKey> find_key(const TenantId& tenant, std::string_view prefix) const {
        const auto keys = ring_.of(tenant);
        const auto found = std::ranges::find(keys, prefix, &ApiKey::prefix);
        return found == keys.end() ? std::nullopt : std::optional(*found);
    }

    std::string opened(const TenantId& id, const std::string& owner, const std::string& sealed)
        const {
        auto text = unseal(master_, owner, sealed);
        if (text) return *std::move(text);
        throw Damaged("the key file is damaged: the credentials of " + id.str() + " do not open");
    }

    KeysFile::SealedSecrets sealed_secrets(const TenantId& id, const Secrets& secrets) const {
        KeysFile::SealedSecrets sealed;
        for (const auto& [connector, secret] : secrets) {
            sealed[connector] = seal(master_, owner_of(id, connector), secret.text);
        }
        return sealed;
    }

    void take_older_secrets() {
        if (!file_.has_older_secrets()) return;
        std::map<TenantId, KeysFile::SealedSecrets> taken;
        for (const auto& [id, sealed] : file_.older_secrets()) {
            if (sealed.empty()) continue;  // forgotten
            auto packed = opened(id, older_owner_of(id), sealed);
            taken.emplace(id, sealed_secrets(id, older_secrets(packed)));
            wipe(packed);
        }
        file_.replace_older_secrets(taken);
    }

    void check_master() {
        if (const auto sealed = file_.key_check()) {
            if (unseal(master_, key_check_owner, *sealed) != key_check_text) {
                throw std::runtime_error(
                    "the master key is not the one that sealed keys.db: put that one back as "
                    "DIR/master.key, or give it by --master-key-file or VITRINE_MASTER_KEY"
                );
            }
        } else {
            file_.set_key_check(seal(master_, key_check_owner, key_check_text));
        }
    }

    NewKey make_key(const TenantId& tenant, const KeyRequest& request, Timestamp now) {
        auto text = make_api_key();
        while (ring_.has(text.substr(0, api_key_prefix_size))) text = make_api_key();
        const ApiKey key{
            .prefix = text.substr(0, api_key_prefix_size),
            .tenant = tenant,
            .role = request.role,
            .created_at = now,
            .label = request.label,
            .expires_at = request.expires_at,
            .added_by = request.by,
            .shown = false,
        };
        const auto hash = hash_api_key(text);
        return {std::move(text), {key, hash}};
    }

    std::shared_mutex mutex_;  // guards what follows, except the ring, which guards itself
    KeysFile file_;
    MasterKey master_;
    Clock clock_;
    Timestamp uses_saved_;
    MasterKeyChanges master_key_changes_;
    std::map<TenantId, KeysFile::SealedTenant> tenants_;
    KeyRing ring_;
    std::atomic<std::uint64_t> revision_ = 0;
};

}  // namespace
}  // namespace sqlite

bool opens(const MasterKey& master, const std::filesystem::path& keys_file) {
    if (!std::filesystem::exists(keys_file)) return true;
    const auto sealed = sqlite::KeysFile(keys_file).key_check();
    return !sealed || unseal(master, sqlite::key_check_owner, *sealed) == sqlite::key_check_text;
}

std::unique_ptr<Keys> Keys::open(const std::filesystem::path& file, MasterKey master, Clock clock) {
    return std::make_unique<sqlite::SqliteKeys>(file, std::move(master), std::move(clock));
}

}  // namespace vitrine::store
