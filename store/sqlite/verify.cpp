#include "store/verify.hpp"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "store/damage.hpp"
#include "store/sqlite/chain_scan.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/log_marks.hpp"
#include "store/sqlite/schema.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

constexpr std::size_t events_at_a_time = 8192;

using Faults = std::vector<LogFault>;

/// What is damaged so that SQLite cannot read on is a finding as well.
template <class Check>
void look(Faults& faults, Check check) {
    try {
        check();
    } catch (const std::exception& error) {
        if (!is_damage(error)) throw;
        faults.push_back({"integrity", 0, error.what()});
    }
}

/// Each part in a read transaction of its own, so that a writing server can go on with its
/// checkpoints.
void scan_events(SQLite::Database& connection, const VerifyOptions& options, VerifyReport& report) {
    ChainScan scan(connection.getHandle(), options.heads, report.sparse);
    Faults stopped;
    look(stopped, [&] {
        Statement head(connection.getHandle(), "SELECT coalesce(max(position), 0) FROM event_log");
        Position last = 0;
        if (auto row = head.run(); row.next()) last = row.unsigned_number(0);
        bool more = true;
        while (more) {
            more = scan.advance(last, events_at_a_time);
            if (options.progress) options.progress(scan.position(), last);
        }
    });
    for (auto& fault : stopped) fault.position = scan.position() + 1;
    scan.finish(report);
    std::ranges::move(stopped, std::back_inserter(report.faults));
}

struct SchemaObject {
    std::string type, name, sql;
    auto operator<=>(const SchemaObject&) const = default;
};

std::set<SchemaObject> schema_of(SQLite::Database& connection) {
    SQLite::Statement select(
        connection, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    );
    std::set<SchemaObject> objects;
    while (select.executeStep()) {
        objects.insert(
            {select.getColumn(0).getString(),
             select.getColumn(1).getString(),
             select.getColumn(2).getString()}
        );
    }
    return objects;
}

/// Tables, indexes and guards as a new log of the same version has them.
void check_objects(SQLite::Database& connection, Faults& faults) {
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    prepare_schema(fresh, std::max(schema_version(connection), 1));
    const auto wanted = schema_of(fresh);
    const auto found = schema_of(connection);
    for (const auto& object : wanted) {
        if (found.contains(object)) continue;
        faults.push_back(
            {"schema", 0, object.type + ' ' + object.name + " is missing or not as it was made"}
        );
    }
    for (const auto& object : found) {
        if (object.type != "trigger" || wanted.contains(object)) continue;
        faults.push_back({"schema", 0, "trigger " + object.name + " is not of this log"});
    }
}

void check_references(SQLite::Database& connection, Faults& faults) {
    SQLite::Statement check(connection, "PRAGMA foreign_key_check");
    while (check.executeStep()) {
        const auto table = check.getColumn(0).getString();
        const auto row = static_cast<Position>(check.getColumn(1).getInt64());
        faults.push_back(
            {"references",
             table == "events" ? row : 0,
             fmt::format(
                 "row {} of {} names a row of {} that is not there",
                 row,
                 table,
                 check.getColumn(2).getString()
             )}
        );
    }
}

void check_integrity(SQLite::Database& connection, Faults& faults) {
    SQLite::Statement check(connection, "PRAGMA integrity_check(20)");
    while (check.executeStep()) {
        const auto said = check.getColumn(0).getString();
        if (said != "ok") faults.push_back({"integrity", 0, said});
    }
}

}  // namespace
}  // namespace sqlite

VerifyReport verify(const std::filesystem::path& directory, const VerifyOptions& options) {
    auto connection = sqlite::open_for_reading(directory);
    VerifyReport report;
    report.sparse = sqlite::read_marks(connection).sparse;
    sqlite::scan_events(connection, options, report);
    auto& faults = report.faults;
    sqlite::look(faults, [&] { sqlite::check_objects(connection, faults); });
    sqlite::look(faults, [&] { sqlite::check_references(connection, faults); });
    sqlite::look(faults, [&] { sqlite::check_integrity(connection, faults); });
    std::ranges::sort(faults, {}, [](const LogFault& fault) {
        return std::pair(fault.position == 0 ? ~Position{0} : fault.position, fault.check);
    });
    return report;
}

}  // namespace vitrine::store
