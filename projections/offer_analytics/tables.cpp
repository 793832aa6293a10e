#include "projections/offer_analytics/tables.hpp"

namespace vitrine::projections {
namespace {

const std::vector<std::string_view> columns = {
    "tenant",
    "offer_id",
    "status",
    "status_since",
    "currency",
    "lines",
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

/// Of {"lines":[…]}.
std::vector<PricedLine> read_lines(json::object object) {
    std::vector<PricedLine> lines;
    for (auto element : object["lines"].get_array()) {
        auto& line = lines.emplace_back();
        for (auto field : element.get_object()) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "clubify_product_id") line.clubify_product_id = text_of(value);
            if (name == "product_id") line.product_id = text_of(value);
            if (name == "offer_price") line.offer_price = value.get_int64();
            if (name == "shown_price") line.shown_price = value.get_int64();
            if (name == "shown_currency") line.shown_currency = text_of(value);
        }
    }
    return lines;
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
         " status_since INTEGER NOT NULL, currency TEXT NOT NULL,"
         " lines TEXT NOT NULL, product_count INTEGER NOT NULL, revisions INTEGER NOT NULL,"
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
        {"price_history",
         "CREATE TABLE price_history("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, position INTEGER NOT NULL,"
         " clubify_product_id TEXT NOT NULL, product_id TEXT NOT NULL,"
         " price_cents INTEGER,"  // NULL: not known, or no longer in the offer
         " currency TEXT NOT NULL, since INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id, position, clubify_product_id)) WITHOUT ROWID",
         {"tenant", "offer_id", "position", "clubify_product_id"},
         {}},
        {"product_prices",
         "CREATE TABLE product_prices("
         " tenant TEXT NOT NULL, product_id TEXT NOT NULL,"
         " price_cents INTEGER NOT NULL, currency TEXT NOT NULL, position INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, product_id)) WITHOUT ROWID",
         {"tenant", "product_id"},
         {}},
        {"product_uses",
         "CREATE TABLE product_uses("
         " tenant TEXT NOT NULL, product_id TEXT NOT NULL, offer_id TEXT NOT NULL,"
         " PRIMARY KEY(tenant, product_id, offer_id)) WITHOUT ROWID",
         {"tenant", "product_id", "offer_id"},
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
          "SELECT status,status_since,currency,'{\"lines\":'||lines||'}',revisions,status_us,"
          "failures,last_failure,version,position FROM offer_analytics"
          " WHERE tenant=? AND offer_id=?"
      ),
      set_price_(
          database.getHandle(),
          "INSERT INTO product_prices VALUES(?,?,?,?,?) ON CONFLICT(tenant, product_id) DO UPDATE"
          " SET price_cents=excluded.price_cents, currency=excluded.currency,"
          " position=excluded.position WHERE excluded.position>position"
      ),
      get_price_(
          database.getHandle(),
          "SELECT price_cents,currency FROM product_prices WHERE tenant=? AND product_id=?"
      ),
      add_use_(database.getHandle(), "INSERT OR IGNORE INTO product_uses VALUES(?,?,?)"),
      remove_use_(
          database.getHandle(),
          "DELETE FROM product_uses WHERE tenant=? AND product_id=? AND offer_id=?"
      ),
      uses_(
          database.getHandle(),
          "SELECT offer_id FROM product_uses WHERE tenant=? AND product_id=? ORDER BY offer_id"
      ),
      add_history_(
          database.getHandle(), "INSERT OR IGNORE INTO price_history VALUES(?,?,?,?,?,?,?,?)"
      ),
      add_failure_(database.getHandle(), "INSERT OR IGNORE INTO failures VALUES(?,?,?,?,?,?,?)"),
      add_version_(
          database.getHandle(),
          "INSERT OR IGNORE INTO offer_analytics_versions VALUES(?,?,?,?,?,?,?,?,?)"
      ),
      changes_(database.getHandle(), "SELECT changes()") {}

void AnalyticsTables::read(const TenantId& tenant, std::string_view offer, AnalyticsState& row) {
    auto found = read_.run(tenant, offer);
    if (!found.next()) return;
    row.status = found.text(0);
    row.status_since = found.time(1);
    row.currency = found.text(2);
    row.lines = read_lines(payload_.open(found.text(3)));
    row.revisions = found.number(4);
    row.status_us = read_counts(payload_.open(found.text(5)));
    row.failures = read_counts(payload_.open(found.text(6)));
    row.last_failure = found.text(7);
    row.version = found.unsigned_number(8);
    row.position = found.unsigned_number(9);
}

void AnalyticsTables::write(
    const TenantId& tenant, std::string_view offer, const AnalyticsState& row
) {
    const auto lines = render_lines(row.lines);
    const auto status_us = render_counts(row.status_us);
    const auto failures = render_counts(row.failures);
    std::int64_t failure_count = 0;
    for (const auto& [type, count] : row.failures) failure_count += count;
    write_->execute(
        tenant,
        offer,
        row.status,
        row.status_since,
        row.currency,
        lines,
        row.lines.size(),
        row.revisions,
        status_us,
        failure_count,
        failures,
        row.last_failure,
        row.version,
        row.position
    );
}

bool AnalyticsTables::set_product_price(
    const events::RecordedEvent& event, std::string_view product, const ProductPrice& price
) {
    set_price_.execute(event.tenant, product, price.cents, price.currency, event.position);
    auto changes = changes_.run();
    return changes.next() && changes.number(0) > 0;
}

std::optional<ProductPrice> AnalyticsTables::product_price(
    const TenantId& tenant, std::string_view product
) {
    auto found = get_price_.run(tenant, product);
    if (!found.next()) return std::nullopt;
    return ProductPrice{found.number(0), found.string(1)};
}

void AnalyticsTables::add_use(
    const TenantId& tenant, std::string_view product, std::string_view offer
) {
    add_use_.execute(tenant, product, offer);
}

void AnalyticsTables::remove_use(
    const TenantId& tenant, std::string_view product, std::string_view offer
) {
    remove_use_.execute(tenant, product, offer);
}

std::vector<std::string> AnalyticsTables::offers_with(
    const TenantId& tenant, std::string_view product
) {
    std::vector<std::string> offers;
    for (auto rows = uses_.run(tenant, product); rows.next();) offers.push_back(rows.string(0));
    return offers;
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
        row.lines.size(),
        row.revisions
    );
}

void AnalyticsTables::add_price(
    const events::RecordedEvent& event, std::string_view offer, const PricedLine& line
) {
    add_history_.execute(
        event.tenant,
        offer,
        event.position,
        line.clubify_product_id,
        line.product_id,
        line.shown_price,
        line.shown_currency,
        event.recorded_at
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
