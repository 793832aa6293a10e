#include "store/sqlite/sqlite_snapshots.hpp"

#include <SQLiteCpp/Statement.h>
#include <fcntl.h>

#include <algorithm>
#include <stdexcept>

#include "core/sha256.hpp"
#include "store/descriptor.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr int application_id = 0x56545253;  // "VTRS"

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS snapshots (
    tenant          TEXT NOT NULL,
    stream          TEXT NOT NULL,
    decider         TEXT NOT NULL,
    version         INTEGER NOT NULL,
    decider_version INTEGER NOT NULL,
    hash            BLOB NOT NULL,
    state           TEXT NOT NULL,
    checksum        BLOB NOT NULL,
    PRIMARY KEY (tenant, stream, decider)
) STRICT;
)";

SQLite::Database open(const std::filesystem::path& file) {
    {
        const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!made.is_open()) throw_system_error("cannot open " + file.string());
    }
    SQLite::Database connection(file.string(), SQLite::OPEN_READWRITE);
    connection.exec("PRAGMA synchronous = OFF");
    connection.exec("PRAGMA journal_mode = MEMORY");
    connection.exec(schema);
    connection.exec("PRAGMA application_id = " + std::to_string(application_id));
    return connection;
}

std::string bytes(const events::Hash& hash) {
    return {hash.begin(), hash.end()};
}

/// Of all that a row says, so that none is taken for another's.
std::string checksum(
    const TenantId& tenant,
    const StreamName& stream,
    const DeciderVersion& decider,
    const Snapshot& snapshot
) {
    const auto text = tenant.str() + '\n' + stream.str() + '\n' + std::string(decider.name) + '\n' +
                      std::to_string(decider.version) + '\n' + std::to_string(snapshot.version) +
                      '\n' + bytes(snapshot.hash) + snapshot.state;
    thread_local Sha256 sha256;
    return std::string(bytes_of(sha256.digest(text)));
}

void bind_blob(SQLite::Statement& statement, int index, const std::string& blob) {
    statement.bind(index, blob.data(), static_cast<int>(blob.size()));
}

}  // namespace

/// Nothing (or false) after any error: the file is then made anew at the next use.
template <class Use>
auto SqliteSnapshots::use(Use use) -> decltype(use(std::declval<SQLite::Database&>())) {
    const std::scoped_lock lock(mutex_);
    try {
        if (!connection_) connection_.emplace(open(file_));
        return use(*connection_);
    } catch (const std::exception&) {
        connection_.reset();
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
        return {};
    }
}

std::optional<Snapshot> SqliteSnapshots::newest(
    const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
) {
    auto found = find(tenant, stream, decider);
    ++(found ? hits_ : misses_);
    return found;
}

std::optional<Snapshot> SqliteSnapshots::find(
    const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
) {
    return use([&](SQLite::Database& connection) -> std::optional<Snapshot> {
        SQLite::Statement select(
            connection,
            "SELECT version, hash, state, checksum FROM snapshots "
            "WHERE tenant = ? AND stream = ? AND decider = ? AND decider_version = ?"
        );
        select.bind(1, tenant.str());
        select.bind(2, stream.str());
        select.bind(3, std::string(decider.name));
        select.bind(4, decider.version);
        if (!select.executeStep()) return std::nullopt;
        Snapshot snapshot;
        snapshot.version = static_cast<Version>(select.getColumn(0).getInt64());
        const auto hash = select.getColumn(1).getString();
        if (hash.size() != snapshot.hash.size()) return std::nullopt;
        std::ranges::copy(hash, snapshot.hash.begin());
        snapshot.state = select.getColumn(2).getString();
        if (select.getColumn(3).getString() != checksum(tenant, stream, decider, snapshot))
            return std::nullopt;
        return snapshot;
    });
}

void SqliteSnapshots::save(
    const TenantId& tenant,
    const StreamName& stream,
    const DeciderVersion& decider,
    const Snapshot& snapshot
) {
    use([&](SQLite::Database& connection) {
        SQLite::Statement insert(
            connection,
            "INSERT OR REPLACE INTO snapshots "
            "(tenant, stream, decider, version, decider_version, hash, state, checksum) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        );
        insert.bind(1, tenant.str());
        insert.bind(2, stream.str());
        insert.bind(3, std::string(decider.name));
        insert.bind(4, static_cast<std::int64_t>(snapshot.version));
        insert.bind(5, decider.version);
        bind_blob(insert, 6, bytes(snapshot.hash));
        insert.bind(7, snapshot.state);
        bind_blob(insert, 8, checksum(tenant, stream, decider, snapshot));
        return insert.exec() == 1;
    });
}

void SqliteSnapshots::drop(const TenantId& tenant, const StreamName& stream) {
    use([&](SQLite::Database& connection) {
        SQLite::Statement remove(
            connection, "DELETE FROM snapshots WHERE tenant = ? AND stream = ?"
        );
        remove.bind(1, tenant.str());
        remove.bind(2, stream.str());
        return remove.exec() != 0;
    });
}

}  // namespace vitrine::store::sqlite
