#include "store/sqlite/keys_file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>

#include <algorithm>
#include <stdexcept>

#include "store/damage.hpp"
#include "store/descriptor.hpp"
#include "store/sqlite/named_damage.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr int application_id = 0x5654524b;  // "VTRK"
constexpr int schema_version = 1;

constexpr const char* schema = R"(
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
)";

SQLite::Database open_checked(const std::filesystem::path& file) {
    {
        const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!made.is_open()) throw_system_error("cannot open " + file.string());
    }
    SQLite::Database connection(file.string(), SQLite::OPEN_READWRITE, 5000);
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec("PRAGMA foreign_keys = ON");
    connection.exec("PRAGMA secure_delete = ON");
    if (connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0) {
        SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
        connection.exec(schema);
        connection.exec("PRAGMA application_id = " + std::to_string(application_id));
        connection.exec("PRAGMA user_version = " + std::to_string(schema_version));
        transaction.commit();
    }
    if (connection.execAndGet("PRAGMA application_id").getInt() != application_id) {
        throw std::runtime_error(file.string() + " is not a key file of Vitrine");
    }
    if (connection.execAndGet("PRAGMA user_version").getInt() > schema_version) {
        throw std::runtime_error(file.string() + " was written by a newer Vitrine");
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

}  // namespace

KeysFile::KeysFile(const std::filesystem::path& file) : connection_(open(file)) {}

std::optional<std::string> KeysFile::key_check() {
    SQLite::Statement select(connection_, "SELECT sealed FROM key_check");
    return select.executeStep() ? std::optional(blob(select, 0)) : std::nullopt;
}

void KeysFile::set_key_check(const std::string& sealed) {
    SQLite::Statement insert(connection_, "INSERT INTO key_check (sealed) VALUES (?)");
    insert.bind(1, sealed.data(), static_cast<int>(sealed.size()));
    insert.exec();
}

std::vector<KeysFile::SealedTenant> KeysFile::tenants() {
    SQLite::Statement select(
        connection_,
        "SELECT tenant, environment, domain, locale, created_at, sealed FROM tenants "
        "ORDER BY tenant"
    );
    std::vector<SealedTenant> tenants;
    while (select.executeStep()) {
        Tenant tenant{
            .id = TenantId(select.getColumn(0).getString()),
            .environment = select.getColumn(1).getString(),
            .domain = select.getColumn(2).getString(),
            .locale = select.getColumn(3).getString(),
            .created_at = time(select, 4),
        };
        tenants.push_back({std::move(tenant), blob(select, 5)});
    }
    return tenants;
}

std::vector<KeysFile::HashedKey> KeysFile::api_keys() {
    SQLite::Statement select(
        connection_,
        "SELECT prefix, tenant, role, created_at, revoked, hash FROM api_keys ORDER BY prefix"
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
        std::ranges::copy(hash, key.hash.begin());
        keys.push_back(std::move(key));
    }
    return keys;
}

void KeysFile::add(const SealedTenant& tenant, const HashedKey& first_key) {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement insert_tenant(
        connection_,
        "INSERT INTO tenants (tenant, environment, domain, locale, created_at, sealed) "
        "VALUES (?, ?, ?, ?, ?, ?)"
    );
    insert_tenant.bind(1, tenant.tenant.id.str());
    insert_tenant.bind(2, tenant.tenant.environment);
    insert_tenant.bind(3, tenant.tenant.domain);
    insert_tenant.bind(4, tenant.tenant.locale);
    insert_tenant.bind(5, std::int64_t{tenant.tenant.created_at.time_since_epoch().count()});
    insert_tenant.bind(6, tenant.sealed.data(), static_cast<int>(tenant.sealed.size()));
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
        "INSERT INTO api_keys (prefix, tenant, role, created_at, revoked, hash) "
        "VALUES (?, ?, ?, ?, 0, ?)"
    );
    insert_key.bind(1, key.key.prefix);
    insert_key.bind(2, key.key.tenant.str());
    insert_key.bind(3, std::string(role_name(key.key.role)));
    insert_key.bind(4, std::int64_t{key.key.created_at.time_since_epoch().count()});
    insert_key.bind(5, key.hash.data(), static_cast<int>(key.hash.size()));
    insert_key.exec();
}

void KeysFile::revoke(const std::string& prefix) {
    SQLite::Statement update(connection_, "UPDATE api_keys SET revoked = 1 WHERE prefix = ?");
    update.bind(1, prefix);
    update.exec();
}

}  // namespace vitrine::store::sqlite
