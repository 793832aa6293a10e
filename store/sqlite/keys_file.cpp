#include "store/sqlite/keys_file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include "store/damage.hpp"
#include "store/sqlite/own_file.hpp"

namespace vitrine::store::sqlite {
namespace {

/// What `tenants.sealed` holds only the master key moves: replace_older_secrets.
constexpr const char* schema_steps[] = {
    R"(
CREATE TABLE key_check (sealed BLOB NOT NULL) STRICT;
CREATE TABLE tenants (
    tenant      TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    domain      TEXT NOT NULL,
    locale      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    sealed      BLOB NOT NULL
) STRICT;
CREATE TABLE api_keys (
    prefix     TEXT NOT NULL PRIMARY KEY,
    tenant     TEXT NOT NULL REFERENCES tenants,
    role       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked    INTEGER NOT NULL,
    hash       BLOB NOT NULL
) STRICT;
)",
    R"(
ALTER TABLE tenants ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE tenants ADD COLUMN branding TEXT NOT NULL DEFAULT '';
ALTER TABLE tenants ADD COLUMN credentials_replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN retired_at INTEGER;
ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
)",
    "ALTER TABLE tenants ADD COLUMN retired_for TEXT",
    R"(
ALTER TABLE tenants ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN revoked_at INTEGER;
ALTER TABLE api_keys ADD COLUMN revoked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE key_check ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE key_check ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE key_check ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
)",
    "ALTER TABLE api_keys ADD COLUMN shown INTEGER NOT NULL DEFAULT 1",
    R"(
CREATE TABLE secrets (
    tenant    TEXT NOT NULL REFERENCES tenants,
    connector TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (tenant, connector)
) STRICT;
)"
};
constexpr OwnFileKind kind{0x5654524b, "a key file of Vitrine", schema_steps};  // "VTRK"

SQLite::Database open(const std::filesystem::path& file) {
    return open_own_file(file, kind, "PRAGMA foreign_keys = ON");
}

Timestamp time(const SQLite::Statement& row, int index) {
    return time_of(row.getColumn(index).getInt64());
}

std::optional<Timestamp> time_or_none(const SQLite::Statement& row, int index) {
    return row.isColumnNull(index) ? std::nullopt : std::optional(time(row, index));
}

std::optional<std::string> text_or_none(const SQLite::Statement& row, int index) {
    if (row.isColumnNull(index)) return std::nullopt;
    return row.getColumn(index).getString();
}

}  // namespace

KeysFile::KeysFile(const std::filesystem::path& file)
    : file_(file), connection_(naming_file(file, [&] { return open(file); })) {}

std::optional<std::string> KeysFile::key_check() {
    return naming_file(file_, [&]() -> std::optional<std::string> {
        SQLite::Statement select(connection_, "SELECT sealed FROM key_check");
        return select.executeStep() ? std::optional(blob(select, 0)) : std::nullopt;
    });
}

void KeysFile::set_key_check(const std::string& sealed) {
    return naming_file(file_, [&] {
        SQLite::Statement insert(connection_, "INSERT INTO key_check (sealed) VALUES (?)");
        bind_blob(insert, 1, sealed);
        insert.exec();
    });
}

MasterKeyChanges KeysFile::master_key_changes() {
    return naming_file(file_, [&]() -> MasterKeyChanges {
        SQLite::Statement select(
            connection_, "SELECT changes, changed_at, changed_by FROM key_check"
        );
        if (!select.executeStep()) return {};
        return {select.getColumn(0).getInt64(), time(select, 1), select.getColumn(2).getString()};
    });
}

void KeysFile::reseal(
    const std::vector<SealedTenant>& tenants,
    const std::string& key_check,
    const MasterKeyChanges& changes
) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& tenant : tenants) put(tenant.tenant.id, tenant.secrets);
        SQLite::Statement check(
            connection_,
            "UPDATE key_check SET sealed = ?, changes = ?, changed_at = ?, changed_by = ?"
        );
        bind_blob(check, 1, key_check);
        check.bind(2, changes.count);
        check.bind(3, micros(changes.at));
        check.bind(4, changes.by);
        check.exec();
        transaction.commit();
    });
}

std::vector<KeysFile::SealedTenant> KeysFile::tenants() {
    return naming_file(file_, [&]() -> std::vector<KeysFile::SealedTenant> {
        SQLite::Statement select(
            connection_,
            "SELECT tenant, environment, domain, locale, created_at, name, branding, "
            "credentials_replaced, retired_at, retired_for, changed_by FROM tenants ORDER BY tenant"
        );
        std::vector<SealedTenant> tenants;
        while (select.executeStep()) {
            Tenant tenant{
                .id = TenantId(select.getColumn(0).getString()),
                .name = select.getColumn(5).getString(),
                .environment = select.getColumn(1).getString(),
                .domain = select.getColumn(2).getString(),
                .branding = JsonText(select.getColumn(6).getString()),
                .locale = select.getColumn(3).getString(),
                .created_at = time(select, 4),
                .credentials_replaced = select.getColumn(7).getInt64(),
                .retired_at = time_or_none(select, 8),
                .retired_for = text_or_none(select, 9),
                .changed_by = select.getColumn(10).getString(),
            };
            tenants.push_back({std::move(tenant), {}});
        }
        SQLite::Statement secrets(
            connection_, "SELECT tenant, connector, sealed FROM secrets ORDER BY tenant, connector"
        );
        auto of = tenants.begin();
        while (secrets.executeStep()) {
            const TenantId tenant(secrets.getColumn(0).getString());
            while (of != tenants.end() && of->tenant.id != tenant) ++of;
            if (of == tenants.end()) throw Damaged("the key file is damaged: a secret is nobody's");
            of->secrets.emplace(secrets.getColumn(1).getString(), blob(secrets, 2));
        }
        return tenants;
    });
}

std::vector<KeysFile::HashedKey> KeysFile::api_keys() {
    return naming_file(file_, [&]() -> std::vector<KeysFile::HashedKey> {
        SQLite::Statement select(
            connection_,
            "SELECT prefix, tenant, role, created_at, revoked, hash, last_used_at, label, "
            "expires_at, "
            "added_by, revoked_at, revoked_by, shown FROM api_keys ORDER BY prefix"
        );
        std::vector<HashedKey> keys;
        while (select.executeStep()) {
            const auto role = parse_role(select.getColumn(2).getString());
            const auto hash = blob(select, 5);
            HashedKey key;
            if (!role || hash.size() != key.hash.size()) {
                throw Damaged("the key file is damaged: an API key is not well formed");
            }
            key.key.prefix = select.getColumn(0).getString();
            key.key.tenant = TenantId(select.getColumn(1).getString());
            key.key.role = *role;
            key.key.created_at = time(select, 3);
            key.key.revoked = select.getColumn(4).getInt() != 0;
            key.key.last_used_at = time_or_none(select, 6);
            key.key.label = select.getColumn(7).getString();
            key.key.expires_at = time_or_none(select, 8);
            key.key.added_by = select.getColumn(9).getString();
            key.key.revoked_at = time_or_none(select, 10);
            key.key.revoked_by = select.getColumn(11).getString();
            key.key.shown = select.getColumn(12).getInt() != 0;
            std::ranges::copy(hash, key.hash.begin());
            keys.push_back(std::move(key));
        }
        return keys;
    });
}

void KeysFile::add(const SealedTenant& tenant, const HashedKey& first_key) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert_tenant(
            connection_,
            "INSERT INTO tenants (tenant, environment, domain, locale, created_at, name, branding, "
            "credentials_replaced, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        );
        insert_tenant.bind(1, tenant.tenant.id.str());
        insert_tenant.bind(2, tenant.tenant.environment);
        insert_tenant.bind(3, tenant.tenant.domain);
        insert_tenant.bind(4, tenant.tenant.locale);
        insert_tenant.bind(5, micros(tenant.tenant.created_at));
        insert_tenant.bind(6, tenant.tenant.name);
        insert_tenant.bind(7, tenant.tenant.branding.text);
        insert_tenant.bind(8, tenant.tenant.credentials_replaced);
        insert_tenant.bind(9, tenant.tenant.changed_by);
        insert_tenant.exec();
        put(tenant.tenant.id, tenant.secrets);
        insert(first_key);
        transaction.commit();
    });
}

void KeysFile::add(const HashedKey& key) {
    return naming_file(file_, [&] { insert(key); });
}

void KeysFile::insert(const HashedKey& key) {
    SQLite::Statement insert_key(
        connection_,
        "INSERT INTO api_keys (prefix, tenant, role, created_at, revoked, hash, label, expires_at, "
        "added_by, shown) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)"
    );
    insert_key.bind(1, key.key.prefix);
    insert_key.bind(2, key.key.tenant.str());
    insert_key.bind(3, std::string(role_name(key.key.role)));
    insert_key.bind(4, micros(key.key.created_at));
    insert_key.bind(5, key.hash.data(), static_cast<int>(key.hash.size()));
    insert_key.bind(6, key.key.label);
    if (key.key.expires_at) insert_key.bind(7, micros(*key.key.expires_at));
    insert_key.bind(8, key.key.added_by);
    insert_key.bind(9, static_cast<int>(key.key.shown));
    insert_key.exec();
}

void KeysFile::revoke(const std::string& prefix, Timestamp now, const std::string& by) {
    return naming_file(file_, [&] {
        SQLite::Statement update(
            connection_,
            "UPDATE api_keys SET revoked = 1, revoked_at = ?, revoked_by = ? WHERE prefix = ?"
        );
        update.bind(1, micros(now));
        update.bind(2, by);
        update.bind(3, prefix);
        update.exec();
    });
}

void KeysFile::note_shown(const std::string& prefix) {
    return naming_file(file_, [&] {
        SQLite::Statement update(connection_, "UPDATE api_keys SET shown = 1 WHERE prefix = ?");
        update.bind(1, prefix);
        update.exec();
    });
}

void KeysFile::note_uses(const std::vector<KeyRing::Use>& uses) {
    // Not worth waiting for another process: whoever asks for a tenant would wait with it.
    connection_.setBusyTimeout(0);
    struct WaitAgain {
        SQLite::Database& connection;
        ~WaitAgain() { sqlite3_busy_timeout(connection.getHandle(), own_file_busy_ms); }
    } const wait_again{connection_};
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement update(connection_, "UPDATE api_keys SET last_used_at = ? WHERE prefix = ?");
    for (const auto& use : uses) {
        update.bind(1, micros(use.at));
        update.bind(2, use.prefix);
        update.exec();
        update.reset();
    }
    transaction.commit();
}

void KeysFile::change(const SealedTenant& tenant) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(
            connection_,
            "UPDATE tenants SET name = ?, environment = ?, domain = ?, branding = ?, locale = ?, "
            "credentials_replaced = ?, changed_by = ? WHERE tenant = ?"
        );
        update.bind(1, tenant.tenant.name);
        update.bind(2, tenant.tenant.environment);
        update.bind(3, tenant.tenant.domain);
        update.bind(4, tenant.tenant.branding.text);
        update.bind(5, tenant.tenant.locale);
        update.bind(6, tenant.tenant.credentials_replaced);
        update.bind(7, tenant.tenant.changed_by);
        update.bind(8, tenant.tenant.id.str());
        update.exec();
        put(tenant.tenant.id, tenant.secrets);
        transaction.commit();
    });
}

void KeysFile::retire(
    const TenantId& tenant,
    Timestamp at,
    const std::optional<std::string>& reason,
    const std::string& by
) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement note(
            connection_,
            "UPDATE tenants SET retired_at = ?, retired_for = ?, changed_by = ? WHERE tenant = ?"
        );
        note.bind(1, micros(at));
        if (reason) note.bind(2, *reason);
        note.bind(3, by);
        note.bind(4, tenant.str());
        note.exec();
        SQLite::Statement revoke_all(
            connection_, "UPDATE api_keys SET revoked = 1 WHERE tenant = ?"
        );
        revoke_all.bind(1, tenant.str());
        revoke_all.exec();
        transaction.commit();
    });
}

void KeysFile::remove(const TenantId& tenant) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto* sql :
             {"DELETE FROM api_keys WHERE tenant = ?",
              "DELETE FROM secrets WHERE tenant = ?",
              "DELETE FROM tenants WHERE tenant = ?"}) {
            SQLite::Statement remove(connection_, sql);
            remove.bind(1, tenant.str());
            remove.exec();
        }
        transaction.commit();
    });
}

/// secure_delete overwrites what stood there.
void KeysFile::forget(const TenantId& tenant) {
    return naming_file(file_, [&] {
        SQLite::Statement remove(connection_, "DELETE FROM secrets WHERE tenant = ?");
        remove.bind(1, tenant.str());
        remove.exec();
    });
}

void KeysFile::forget(const TenantId& tenant, const std::string& connector) {
    return naming_file(file_, [&] {
        SQLite::Statement remove(
            connection_, "DELETE FROM secrets WHERE tenant = ? AND connector = ?"
        );
        remove.bind(1, tenant.str());
        remove.bind(2, connector);
        remove.exec();
    });
}

void KeysFile::put(const TenantId& tenant, const SealedSecrets& secrets) {
    return naming_file(file_, [&] {
        SQLite::Statement insert(
            connection_,
            "INSERT OR REPLACE INTO secrets (tenant, connector, sealed) VALUES (?, ?, ?)"
        );
        for (const auto& [connector, sealed] : secrets) {
            insert.bind(1, tenant.str());
            insert.bind(2, connector);
            bind_blob(insert, 3, sealed);
            insert.exec();
            insert.reset();
        }
    });
}

bool KeysFile::has_older_secrets() {
    return naming_file(file_, [&]() -> bool {
        SQLite::Statement select(
            connection_, "SELECT count(*) FROM pragma_table_info('tenants') WHERE name = 'sealed'"
        );
        return select.executeStep() && select.getColumn(0).getInt() != 0;
    });
}

std::map<TenantId, std::string> KeysFile::older_secrets() {
    return naming_file(file_, [&]() -> std::map<TenantId, std::string> {
        std::map<TenantId, std::string> sealed;
        SQLite::Statement select(connection_, "SELECT tenant, sealed FROM tenants");
        while (select.executeStep()) {
            sealed.emplace(TenantId(select.getColumn(0).getString()), blob(select, 1));
        }
        return sealed;
    });
}

/// secure_delete overwrites what stood there.
void KeysFile::replace_older_secrets(const std::map<TenantId, SealedSecrets>& secrets) {
    return naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& [tenant, sealed] : secrets) put(tenant, sealed);
        connection_.exec("ALTER TABLE tenants DROP COLUMN sealed");
        transaction.commit();
    });
}

}  // namespace vitrine::store::sqlite
