#include "store/sqlite/people_file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "store/sql/at_rest.hpp"
#include "store/sqlite/own_file.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr const char* schema_steps[] = {R"(
CREATE TABLE roots (sealed BLOB NOT NULL) STRICT;
CREATE TABLE keys (
    id      BLOB NOT NULL PRIMARY KEY,
    tenant  TEXT NOT NULL,
    person  TEXT NOT NULL,
    purpose TEXT NOT NULL,
    sealed  BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX keys_by_person ON keys (tenant, person, purpose);
CREATE TABLE look_ups (
    tenant TEXT NOT NULL,
    kind   TEXT NOT NULL,
    code   TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, code, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX look_ups_by_person ON look_ups (tenant, person);
CREATE TABLE peppers (tenant TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE erasures (
    tenant         TEXT NOT NULL,
    person         TEXT NOT NULL,
    at             INTEGER NOT NULL,
    contract_until INTEGER,
    keys           TEXT NOT NULL,
    PRIMARY KEY (tenant, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_due ON erasures (contract_until) WHERE contract_until IS NOT NULL;
CREATE TABLE progress (erased_through INTEGER NOT NULL) STRICT;
INSERT INTO progress VALUES (0);
)"};
constexpr OwnFileKind kind{0x56545250, "a file of people's keys", schema_steps};  // "VTRP"

SQLite::Database open_to_read(const std::filesystem::path& file) {
    const bool rests = !has_wal(file);
    SQLite::Database connection(
        rests ? at_rest(file) : file.string(),
        SQLite::OPEN_READONLY | (rests ? SQLite::OPEN_URI : 0),
        own_file_busy_ms
    );
    check_kind(connection, file, kind);
    return connection;
}

SQLite::Database open(const std::filesystem::path& file, PeopleFile::Use use) {
    return use == PeopleFile::Use::read ? open_to_read(file)
                                        : open_own_file(file, kind, "PRAGMA journal_mode = WAL");
}

Purpose purpose_named(const std::string& name) {
    for (const auto purpose : {Purpose::contract, Purpose::marketing, Purpose::command})
        if (events::purpose_name(purpose) == name) return purpose;
    throw std::runtime_error("people.db has a key for an unknown purpose: " + name);
}

Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

PeopleFile::SealedKey key_in(const Statement::Run& row) {
    return {
        text_of(row.blob(0)),
        {TenantId(row.string(1)), row.string(2), purpose_named(row.string(3))},
        text_of(row.blob(4))
    };
}

std::string keys_text(const std::vector<NamedPersonKey>& keys) {
    auto json = nlohmann::json::array();
    for (const auto& key : keys)
        json.push_back({events::purpose_name(key.purpose), key.fingerprint});
    return json.dump();
}

std::vector<NamedPersonKey> keys_in(const std::string& text) {
    std::vector<NamedPersonKey> keys;
    for (const auto& key : nlohmann::json::parse(text))
        keys.push_back({purpose_named(key.at(0)), key.at(1)});
    return keys;
}

Erasure erasure_in(const SQLite::Statement& row) {
    Erasure erasure{
        TenantId(row.getColumn(0).getString()),
        row.getColumn(1).getString(),
        time_of(row.getColumn(2).getInt64())
    };
    if (!row.isColumnNull(3)) erasure.contract_until = time_of(row.getColumn(3).getInt64());
    erasure.keys = keys_in(row.getColumn(4).getString());
    return erasure;
}

}  // namespace

PeopleFile::Often::Often(sqlite3* connection)
    : find(
          connection,
          "SELECT id, tenant, person, purpose, sealed FROM keys WHERE id = ? AND tenant = ?"
      ),
      lives(connection, "SELECT 1 FROM keys WHERE id = ? AND tenant = ?"),
      current(
          connection,
          "SELECT id, tenant, person, purpose, sealed FROM keys WHERE tenant = ? AND person = ? "
          "AND purpose = ?"
      ),
      keys_of(
          connection,
          "SELECT id, tenant, person, purpose, sealed FROM keys WHERE tenant = ? AND person = ? "
          "ORDER BY purpose"
      ),
      is_erased(connection, "SELECT 1 FROM erasures WHERE tenant = ? AND person = ?"),
      add_key(
          connection,
          "INSERT INTO keys SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM "
          "erasures WHERE tenant = ?2 AND person = ?3) ON CONFLICT DO NOTHING"
      ),
      add_look_up(
          connection,
          "INSERT INTO look_ups SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM erasures "
          "WHERE tenant = ?1 AND person = ?4) ON CONFLICT DO NOTHING"
      ) {}

PeopleFile::PeopleFile(const std::filesystem::path& file, Use use)
    : file_(file),
      connection_(naming_file(file, [&] { return open(file, use); })),
      often_(connection_.getHandle()) {}

std::vector<std::string> PeopleFile::roots() {
    return naming_file(file_, [&] {
        std::vector<std::string> roots;
        SQLite::Statement select(connection_, "SELECT sealed FROM roots");
        while (select.executeStep()) roots.push_back(blob(select, 0));
        return roots;
    });
}

void PeopleFile::add_root(const std::string& sealed) {
    naming_file(file_, [&] {
        SQLite::Statement insert(connection_, "INSERT INTO roots VALUES (?)");
        bind_blob(insert, 1, sealed);
        insert.exec();
    });
}

void PeopleFile::keep_root(const std::string& sealed) {
    naming_file(file_, [&] {
        SQLite::Statement remove(connection_, "DELETE FROM roots WHERE sealed <> ?");
        bind_blob(remove, 1, sealed);
        if (remove.exec() != 0) overwrite_wal();
    });
}

std::optional<PeopleFile::SealedKey> PeopleFile::find(const TenantId& tenant, std::string_view id) {
    return naming_file(file_, [&] {
        auto rows = often_.find.run(bytes_of(id), tenant);
        return rows.next() ? std::optional(key_in(rows)) : std::nullopt;
    });
}

bool PeopleFile::lives(const TenantId& tenant, std::string_view id) {
    return naming_file(file_, [&] { return often_.lives.run(bytes_of(id), tenant).next(); });
}

std::optional<PeopleFile::SealedKey> PeopleFile::current(const PersonKeyName& name) {
    return naming_file(file_, [&] {
        auto rows =
            often_.current.run(name.tenant, name.person, events::purpose_name(name.purpose));
        return rows.next() ? std::optional(key_in(rows)) : std::nullopt;
    });
}

std::vector<PeopleFile::SealedKey> PeopleFile::keys_of(
    const TenantId& tenant, const std::string& person
) {
    return naming_file(file_, [&] {
        std::vector<SealedKey> keys;
        auto rows = often_.keys_of.run(tenant, person);
        while (rows.next()) keys.push_back(key_in(rows));
        return keys;
    });
}

void PeopleFile::add(
    const std::vector<SealedKey>& keys, const std::vector<LookUp>& look_ups, Timestamp now
) {
    naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& each : keys) {
            often_.add_key.execute(
                bytes_of(each.id),
                each.name.tenant,
                each.name.person,
                events::purpose_name(each.name.purpose),
                bytes_of(each.sealed),
                now
            );
        }
        for (const auto& each : look_ups)
            often_.add_look_up.execute(each.tenant, each.kind, each.code, each.person);
        transaction.commit();
    });
}

std::vector<std::string> PeopleFile::people_with(const LookUp& asked) {
    return naming_file(file_, [&] {
        SQLite::Statement select(
            connection_, "SELECT person FROM look_ups WHERE tenant = ? AND kind = ? AND code = ?"
        );
        select.bind(1, asked.tenant.str());
        select.bind(2, asked.kind);
        select.bind(3, asked.code);
        std::vector<std::string> people;
        while (select.executeStep()) people.push_back(select.getColumn(0).getString());
        return people;
    });
}

std::vector<PeopleKeys::Code> PeopleFile::codes_of(
    const TenantId& tenant, const std::string& person
) {
    return naming_file(file_, [&] {
        SQLite::Statement select(
            connection_, "SELECT kind, code FROM look_ups WHERE tenant = ? AND person = ?"
        );
        select.bind(1, tenant.str());
        select.bind(2, person);
        std::vector<PeopleKeys::Code> codes;
        while (select.executeStep())
            codes.push_back({select.getColumn(0).getString(), select.getColumn(1).getString()});
        return codes;
    });
}

bool PeopleFile::is_erased(const TenantId& tenant, const std::string& person) {
    return naming_file(file_, [&] { return often_.is_erased.run(tenant, person).next(); });
}

void PeopleFile::erase(const Erasure& erasure) {
    naming_file(file_, [&] {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement note(
            connection_, "INSERT INTO erasures VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        );
        note.bind(1, erasure.tenant.str());
        note.bind(2, erasure.person);
        note.bind(3, micros(erasure.at));
        if (erasure.contract_until) note.bind(4, micros(*erasure.contract_until));
        note.bind(5, keys_text(erasure.keys));
        note.exec();
        SQLite::Statement keys(
            connection_,
            "DELETE FROM keys WHERE tenant = ? AND person = ? AND (purpose <> 'contract' OR ?)"
        );
        keys.bind(1, erasure.tenant.str());
        keys.bind(2, erasure.person);
        keys.bind(3, erasure.contract_until ? 0 : 1);
        keys.exec();
        SQLite::Statement look_ups(
            connection_, "DELETE FROM look_ups WHERE tenant = ? AND person = ?"
        );
        look_ups.bind(1, erasure.tenant.str());
        look_ups.bind(2, erasure.person);
        look_ups.exec();
        transaction.commit();
        overwrite_wal();
    });
}

std::vector<Erasure> PeopleFile::erasures() {
    return naming_file(file_, [&] {
        SQLite::Statement select(
            connection_,
            "SELECT tenant, person, at, contract_until, keys FROM erasures ORDER BY at, person"
        );
        std::vector<Erasure> erasures;
        while (select.executeStep()) erasures.push_back(erasure_in(select));
        return erasures;
    });
}

std::optional<Erasure> PeopleFile::erasure_of(const TenantId& tenant, const std::string& person) {
    return naming_file(file_, [&]() -> std::optional<Erasure> {
        SQLite::Statement select(
            connection_,
            "SELECT tenant, person, at, contract_until, keys FROM erasures WHERE tenant = ? AND "
            "person = ?"
        );
        select.bind(1, tenant.str());
        select.bind(2, person);
        return select.executeStep() ? std::optional(erasure_in(select)) : std::nullopt;
    });
}

std::size_t PeopleFile::end_due(Timestamp now, const std::string& month) {
    return naming_file(file_, [&]() -> std::size_t {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement kept(
            connection_,
            "DELETE FROM keys WHERE (tenant, person) IN (SELECT tenant, person FROM erasures WHERE "
            "contract_until <= ?)"
        );
        kept.bind(1, micros(now));
        auto count = kept.exec();
        SQLite::Statement ended(
            connection_, "UPDATE erasures SET contract_until = NULL WHERE contract_until <= ?"
        );
        ended.bind(1, micros(now));
        ended.exec();
        SQLite::Statement months(
            connection_, "DELETE FROM keys WHERE person GLOB 'month-*' AND person < ?"
        );
        months.bind(1, month);
        count += months.exec();
        transaction.commit();
        if (count != 0) overwrite_wal();
        return static_cast<std::size_t>(count);
    });
}

std::optional<std::string> PeopleFile::pepper(const TenantId& tenant) {
    return naming_file(file_, [&]() -> std::optional<std::string> {
        SQLite::Statement select(connection_, "SELECT sealed FROM peppers WHERE tenant = ?");
        select.bind(1, tenant.str());
        return select.executeStep() ? std::optional(blob(select, 0)) : std::nullopt;
    });
}

void PeopleFile::add_pepper(const TenantId& tenant, const std::string& sealed) {
    naming_file(file_, [&] {
        SQLite::Statement insert(
            connection_, "INSERT INTO peppers VALUES (?, ?) ON CONFLICT DO NOTHING"
        );
        insert.bind(1, tenant.str());
        bind_blob(insert, 2, sealed);
        insert.exec();
    });
}

Position PeopleFile::erased_through() {
    return naming_file(file_, [&] {
        return static_cast<Position>(
            connection_.execAndGet("SELECT erased_through FROM progress").getInt64()
        );
    });
}

void PeopleFile::set_erased_through(Position position) {
    naming_file(file_, [&] {
        SQLite::Statement update(connection_, "UPDATE progress SET erased_through = ?");
        update.bind(1, static_cast<std::int64_t>(position));
        update.exec();
    });
}

PeopleKeys::Figures PeopleFile::figures() {
    return naming_file(file_, [&] {
        const auto count = [&](const char* sql) {
            return static_cast<std::uint64_t>(connection_.execAndGet(sql).getInt64());
        };
        return PeopleKeys::Figures{
            count("SELECT count(*) FROM keys"), count("SELECT count(*) FROM erasures")
        };
    });
}

/// What was overwritten in the pages is still in the frames of before.
void PeopleFile::overwrite_wal() {
    connection_.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace vitrine::store::sqlite
