#include "projections/offer_analytics/tables.hpp"

namespace vitrine::projections {
namespace {

const std::vector<std::string_view> columns = {
    "tenant",
    "offer_id",
    "status",
    "status_since",
    "product_count",
    "revisions",
    "status_us",
    "failure_count",
    "failures",
    "last_failure",
    "version",
    "position"
};

std::map<std::string, std::int64_t, std::less<>> read_counts(json::object object) {
    std::map<std::string, std::int64_t, std::less<>> counts;
    for (auto field : object) {
        const std::string name(std::string_view(field.unescaped_key()));
        counts[name] = field.value().get_int64();
    }
    return counts;
}

}  // namespace

std::string render_failure(
    std::string_view type, const Failure& failure, Timestamp at, Position position
) {
    std::string out = "{";
    append_text(out, "type", type);
    append_text(out, "class", failure.failure_class);
    append_text(out, "reason", failure.reason);
    append_text(out, "at", format_time(at));
    append_number(out, "position", static_cast<std::int64_t>(position));
    out += '}';
    return out;
}

std::vector<Table> analytics_tables() {
    return {
        {"offer_analytics",
         "CREATE TABLE offer_analytics("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL,"
         " status TEXT NOT NULL,"  // '' until the offer is created: failed attempts may come first
         " status_since INTEGER NOT NULL,"
         " product_count INTEGER NOT NULL, revisions INTEGER NOT NULL,"
         " status_us TEXT NOT NULL,"  // {"draft":microseconds}, before the present status began
         " failure_count INTEGER NOT NULL, failures TEXT NOT NULL, last_failure TEXT NOT NULL,"
         " version INTEGER NOT NULL, position INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id)) WITHOUT ROWID",
         {"tenant", "offer_id"},
         {}},
        {"offer_analytics_versions",
         "CREATE TABLE offer_analytics_versions("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL,"
         " valid_from INTEGER NOT NULL,"  // a position; until the next row of the offer
         " version INTEGER NOT NULL, status TEXT NOT NULL, status_since INTEGER NOT NULL,"
         " status_us TEXT NOT NULL, product_count INTEGER NOT NULL, revisions INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id, valid_from)) WITHOUT ROWID",
         {"tenant", "offer_id", "valid_from"},
         {}},
        {"failures",
         "CREATE TABLE failures("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, position INTEGER NOT NULL,"
         " type TEXT NOT NULL, class TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id, position)) WITHOUT ROWID",
         {"tenant", "offer_id", "position"},
         {}},
    };
}

AnalyticsTables::AnalyticsTables(SQLite::Database& database)
    : write_(database, insert_sql("offer_analytics", columns, {"tenant", "offer_id"})),
      read_(
          database.getHandle(),
          "SELECT status,status_since,product_count,revisions,status_us,failures,last_failure,"
          "version,position FROM offer_analytics WHERE tenant=? AND offer_id=?"
      ),
      add_failure_(database.getHandle(), "INSERT OR IGNORE INTO failures VALUES(?,?,?,?,?,?,?)"),
      add_version_(
          database.getHandle(),
          "INSERT OR IGNORE INTO offer_analytics_versions VALUES(?,?,?,?,?,?,?,?,?)"
      ) {}

void AnalyticsTables::read(const TenantId& tenant, std::string_view offer, AnalyticsState& row) {
    auto found = read_.run(tenant, offer);
    if (!found.next()) return;
    row.status = found.text(0);
    row.status_since = found.time(1);
    row.product_count = found.number(2);
    row.revisions = found.number(3);
    row.status_us = read_counts(payload_.open(found.text(4)));
    row.failures = read_counts(payload_.open(found.text(5)));
    row.last_failure = found.text(6);
    row.version = found.unsigned_number(7);
    row.position = found.unsigned_number(8);
}

void AnalyticsTables::write(
    const TenantId& tenant, std::string_view offer, const AnalyticsState& row
) {
    const auto status_us = render_counts(row.status_us);
    const auto failures = render_counts(row.failures);
    std::int64_t failure_count = 0;
    for (const auto& [type, count] : row.failures) failure_count += count;
    write_->execute(
        tenant,
        offer,
        row.status,
        row.status_since,
        row.product_count,
        row.revisions,
        status_us,
        failure_count,
        failures,
        row.last_failure,
        row.version,
        row.position
    );
}

void AnalyticsTables::add_version(
    const events::RecordedEvent& event, std::string_view offer, const AnalyticsState& row
) {
    const auto status_us = render_counts(row.status_us);
    add_version_.execute(
        event.tenant,
        offer,
        event.position,
        row.version,
        row.status,
        row.status_since,
        status_us,
        row.product_count,
        row.revisions
    );
}

void AnalyticsTables::add_failure(
    const events::RecordedEvent& event, std::string_view offer, const Failure& failure
) {
    add_failure_.execute(
        event.tenant,
        offer,
        event.position,
        event.type,
        failure.failure_class,
        failure.reason,
        event.recorded_at
    );
}

}  // namespace vitrine::projections
