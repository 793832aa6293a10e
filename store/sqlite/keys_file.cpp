#include "store/sqlite/keys_file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include "store/damage.hpp"
#include "store/descriptor.hpp"
#include "store/sqlite/named_damage.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr int application_id = 0x5654524b;  // "VTRK"
constexpr int busy_ms = 5000;               // someone looks at the file with a tool

/// From each version to the next, beginning with none. A file is led through those it lacks.
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
)"
};
constexpr int schema_version = std::size(schema_steps);

void lead_to_present(SQLite::Database& connection) {
    SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
    const bool is_new = connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    const int from = is_new ? 0 : connection.execAndGet("PRAGMA user_version").getInt();
    for (int step = from; step < schema_version; ++step) connection.exec(schema_steps[step]);
    if (is_new) connection.exec("PRAGMA application_id = " + std::to_string(application_id));
    connection.exec("PRAGMA user_version = " + std::to_string(schema_version));
    transaction.commit();
}

SQLite::Database open_checked(const std::filesystem::path& file) {
    {
        const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!made.is_open()) throw_system_error("cannot open " + file.string());
    }
    SQLite::Database connection(file.string(), SQLite::OPEN_READWRITE, busy_ms);
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec("PRAGMA foreign_keys = ON");
    connection.exec("PRAGMA secure_delete = ON");
    if (connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() != 0 &&
        connection.execAndGet("PRAGMA application_id").getInt() != application_id) {
        throw std::runtime_error(file.string() + " is not a key file of Vitrine");
    }
    if (connection.execAndGet("PRAGMA user_version").getInt() > schema_version) {
        throw std::runtime_error(file.string() + " was written by a newer Vitrine");
    }
    if (connection.execAndGet("PRAGMA user_version").getInt() < schema_version) {
        lead_to_present(connection);
    }
    return connection;
}

SQLite::Database open(const std::filesystem::path& file) {
    return naming_damage(file, [&] { return open_checked(file); });
}

std::string blob(const SQLite::Statement& row, int index) {
    const auto column = row.getColumn(index);
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.size())};
}

Timestamp time(const SQLite::Statement& row, int index) {
    return Timestamp(std::chrono::microseconds(row.getColumn(index).getInt64()));
}

std::optional<Timestamp> time_or_none(const SQLite::Statement& row, int index) {
    return row.isColumnNull(index) ? std::nullopt : std::optional(time(row, index));
}

std::optional<std::string> text_or_none(const SQLite::Statement& row, int index) {
    if (row.isColumnNull(index)) return std::nullopt;
    return row.getColumn(index).getString();
}

std::int64_t micros(Timestamp time) {
    return time.time_since_epoch().count();
}

void bind_blob(SQLite::Statement& statement, int index, const std::string& bytes) {
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

KeysFile::KeysFile(const std::filesystem::path& file) : connection_(open(file)) {}

std::optional<std::string> KeysFile::key_check() {
    SQLite::Statement select(connection_, "SELECT sealed FROM key_check");
    return select.executeStep() ? std::optional(blob(select, 0)) : std::nullopt;
}

void KeysFile::set_key_check(const std::string& sealed) {
    SQLite::Statement insert(connection_, "INSERT INTO key_check (sealed) VALUES (?)");
    bind_blob(insert, 1, sealed);
    insert.exec();
}

MasterKeyChanges KeysFile::master_key_changes() {
    SQLite::Statement select(connection_, "SELECT changes, changed_at, changed_by FROM key_check");
    if (!select.executeStep()) return {};
    return {select.getColumn(0).getInt64(), time(select, 1), select.getColumn(2).getString()};
}

void KeysFile::reseal(
    const std::vector<SealedTenant>& tenants,
    const std::string& key_check,
    const MasterKeyChanges& changes
) {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement update(connection_, "UPDATE tenants SET sealed = ? WHERE tenant = ?");
    for (const auto& tenant : tenants) {
        bind_blob(update, 1, tenant.sealed);
        update.bind(2, tenant.tenant.id.str());
        update.exec();
        update.reset();
    }
    SQLite::Statement check(
        connection_, "UPDATE key_check SET sealed = ?, changes = ?, changed_at = ?, changed_by = ?"
    );
    bind_blob(check, 1, key_check);
    check.bind(2, changes.count);
    check.bind(3, micros(changes.at));
    check.bind(4, changes.by);
    check.exec();
    transaction.commit();
}

std::vector<KeysFile::SealedTenant> KeysFile::tenants() {
    SQLite::Statement select(
        connection_,
        "SELECT tenant, environment, domain, locale, created_at, sealed, name, branding, "
        "credentials_replaced, retired_at, retired_for, changed_by FROM tenants ORDER BY tenant"
    );
    std::vector<SealedTenant> tenants;
    while (select.executeStep()) {
        Tenant tenant{
            .id = TenantId(select.getColumn(0).getString()),
            .name = select.getColumn(6).getString(),
            .environment = select.getColumn(1).getString(),
            .domain = select.getColumn(2).getString(),
            .branding = JsonText(select.getColumn(7).getString()),
            .locale = select.getColumn(3).getString(),
            .created_at = time(select, 4),
            .credentials_replaced = select.getColumn(8).getInt64(),
            .retired_at = time_or_none(select, 9),
            .retired_for = text_or_none(select, 10),
            .changed_by = select.getColumn(11).getString(),
        };
        tenants.push_back({std::move(tenant), blob(select, 5)});
    }
    return tenants;
}

std::vector<KeysFile::HashedKey> KeysFile::api_keys() {
    SQLite::Statement select(
        connection_,
        "SELECT prefix, tenant, role, created_at, revoked, hash, last_used_at, label, expires_at, "
        "added_by, revoked_at, revoked_by FROM api_keys ORDER BY prefix"
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
        std::ranges::copy(hash, key.hash.begin());
        keys.push_back(std::move(key));
    }
    return keys;
}

void KeysFile::add(const SealedTenant& tenant, const HashedKey& first_key) {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement insert_tenant(
        connection_,
        "INSERT INTO tenants (tenant, environment, domain, locale, created_at, sealed, name, "
        "branding, credentials_replaced, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    insert_tenant.bind(1, tenant.tenant.id.str());
    insert_tenant.bind(2, tenant.tenant.environment);
    insert_tenant.bind(3, tenant.tenant.domain);
    insert_tenant.bind(4, tenant.tenant.locale);
    insert_tenant.bind(5, micros(tenant.tenant.created_at));
    bind_blob(insert_tenant, 6, tenant.sealed);
    insert_tenant.bind(7, tenant.tenant.name);
    insert_tenant.bind(8, tenant.tenant.branding.text);
    insert_tenant.bind(9, tenant.tenant.credentials_replaced);
    insert_tenant.bind(10, tenant.tenant.changed_by);
    insert_tenant.exec();
    insert(first_key);
    transaction.commit();
}

void KeysFile::add(const HashedKey& key) {
    insert(key);
}

void KeysFile::insert(const HashedKey& key) {
    SQLite::Statement insert_key(
        connection_,
        "INSERT INTO api_keys (prefix, tenant, role, created_at, revoked, hash, label, expires_at, "
        "added_by) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)"
    );
    insert_key.bind(1, key.key.prefix);
    insert_key.bind(2, key.key.tenant.str());
    insert_key.bind(3, std::string(role_name(key.key.role)));
    insert_key.bind(4, micros(key.key.created_at));
    insert_key.bind(5, key.hash.data(), static_cast<int>(key.hash.size()));
    insert_key.bind(6, key.key.label);
    if (key.key.expires_at) insert_key.bind(7, micros(*key.key.expires_at));
    insert_key.bind(8, key.key.added_by);
    insert_key.exec();
}

void KeysFile::revoke(const std::string& prefix, Timestamp now, const std::string& by) {
    SQLite::Statement update(
        connection_,
        "UPDATE api_keys SET revoked = 1, revoked_at = ?, revoked_by = ? WHERE prefix = ?"
    );
    update.bind(1, micros(now));
    update.bind(2, by);
    update.bind(3, prefix);
    update.exec();
}

void KeysFile::note_uses(const std::vector<KeyRing::Use>& uses) {
    // Not worth waiting for another process: whoever asks for a tenant would wait with it.
    connection_.setBusyTimeout(0);
    struct WaitAgain {
        SQLite::Database& connection;
        ~WaitAgain() { sqlite3_busy_timeout(connection.getHandle(), busy_ms); }
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
    SQLite::Statement update(
        connection_,
        "UPDATE tenants SET name = ?, environment = ?, domain = ?, branding = ?, locale = ?, "
        "credentials_replaced = ?, sealed = ?, changed_by = ? WHERE tenant = ?"
    );
    update.bind(1, tenant.tenant.name);
    update.bind(2, tenant.tenant.environment);
    update.bind(3, tenant.tenant.domain);
    update.bind(4, tenant.tenant.branding.text);
    update.bind(5, tenant.tenant.locale);
    update.bind(6, tenant.tenant.credentials_replaced);
    bind_blob(update, 7, tenant.sealed);
    update.bind(8, tenant.tenant.changed_by);
    update.bind(9, tenant.tenant.id.str());
    update.exec();
}

void KeysFile::retire(
    const TenantId& tenant,
    Timestamp at,
    const std::optional<std::string>& reason,
    const std::string& by
) {
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
    SQLite::Statement revoke_all(connection_, "UPDATE api_keys SET revoked = 1 WHERE tenant = ?");
    revoke_all.bind(1, tenant.str());
    revoke_all.exec();
    transaction.commit();
}

void KeysFile::remove(const TenantId& tenant) {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const auto* sql :
         {"DELETE FROM api_keys WHERE tenant = ?", "DELETE FROM tenants WHERE tenant = ?"}) {
        SQLite::Statement remove(connection_, sql);
        remove.bind(1, tenant.str());
        remove.exec();
    }
    transaction.commit();
}

/// secure_delete overwrites what stood there.
void KeysFile::forget(const TenantId& tenant) {
    SQLite::Statement update(connection_, "UPDATE tenants SET sealed = x'' WHERE tenant = ?");
    update.bind(1, tenant.str());
    update.exec();
}

}  // namespace vitrine::store::sqlite
