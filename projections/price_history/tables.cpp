#include "projections/price_history/tables.hpp"

namespace vitrine::projections {
namespace {

const std::vector<std::string_view> columns = {
    "tenant", "offer_id", "currency", "lines", "version", "position"
};

}  // namespace

std::vector<Table> price_tables() {
    return {
        {"price_history",
         "CREATE TABLE price_history("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, position INTEGER NOT NULL,"
         " clubify_product_id TEXT NOT NULL, product_id TEXT NOT NULL,"
         " price_cents INTEGER,"      // NULL: not known, or no longer in the offer
         " effective_cents INTEGER,"  // what one costs after the discount; NULL likewise
         " currency TEXT NOT NULL, since INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id, position, clubify_product_id)) WITHOUT ROWID",
         {"tenant", "offer_id", "position", "clubify_product_id"},
         {}},
        {"offer_sale",
         "CREATE TABLE offer_sale("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, position INTEGER NOT NULL,"
         " on_sale INTEGER NOT NULL, since INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id, position)) WITHOUT ROWID",
         {"tenant", "offer_id", "position"},
         {}},
        {"priced_offers",
         "CREATE TABLE priced_offers("
         " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, currency TEXT NOT NULL,"
         " lines TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, offer_id)) WITHOUT ROWID",
         {"tenant", "offer_id"},
         {}},
        {"product_prices",
         "CREATE TABLE product_prices("
         " tenant TEXT NOT NULL, clubify_product_id TEXT NOT NULL,"
         " price_cents INTEGER, currency TEXT NOT NULL, position INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, clubify_product_id)) WITHOUT ROWID",
         {"tenant", "clubify_product_id"},
         {}},
        {"product_ids",
         "CREATE TABLE product_ids("
         " tenant TEXT NOT NULL, product_id TEXT NOT NULL, clubify_product_id TEXT NOT NULL,"
         " PRIMARY KEY(tenant, product_id)) WITHOUT ROWID",
         {"tenant", "product_id"},
         {}},
        {"product_uses",
         "CREATE TABLE product_uses("
         " tenant TEXT NOT NULL, clubify_product_id TEXT NOT NULL, offer_id TEXT NOT NULL,"
         " PRIMARY KEY(tenant, clubify_product_id, offer_id)) WITHOUT ROWID",
         {"tenant", "clubify_product_id", "offer_id"},
         {}},
    };
}

PriceTables::PriceTables(SQLite::Database& database)
    : write_(database, insert_sql("priced_offers", columns, {"tenant", "offer_id"})),
      read_(
          database.getHandle(),
          "SELECT currency,'{\"lines\":'||lines||'}',version,position FROM priced_offers"
          " WHERE tenant=? AND offer_id=?"
      ),
      set_id_(database.getHandle(), "INSERT OR IGNORE INTO product_ids VALUES(?,?,?)"),
      get_id_(
          database.getHandle(),
          "SELECT clubify_product_id FROM product_ids WHERE tenant=? AND product_id=?"
      ),
      set_price_(
          database.getHandle(),
          "INSERT INTO product_prices VALUES(?,?,?,?,?)"
          " ON CONFLICT(tenant, clubify_product_id) DO UPDATE"
          " SET price_cents=excluded.price_cents, currency=excluded.currency,"
          " position=excluded.position WHERE excluded.position>position"
      ),
      get_price_(
          database.getHandle(),
          "SELECT price_cents,currency FROM product_prices WHERE tenant=? AND clubify_product_id=?"
      ),
      add_use_(database.getHandle(), "INSERT OR IGNORE INTO product_uses VALUES(?,?,?)"),
      remove_use_(
          database.getHandle(),
          "DELETE FROM product_uses WHERE tenant=? AND clubify_product_id=? AND offer_id=?"
      ),
      uses_(
          database.getHandle(),
          "SELECT offer_id FROM product_uses WHERE tenant=? AND clubify_product_id=?"
          " ORDER BY offer_id"
      ),
      add_price_(
          database.getHandle(), "INSERT OR IGNORE INTO price_history VALUES(?,?,?,?,?,?,?,?,?)"
      ),
      add_status_(database.getHandle(), "INSERT OR IGNORE INTO offer_sale VALUES(?,?,?,?,?)"),
      changes_(database.getHandle(), "SELECT changes()") {}

void PriceTables::read(const TenantId& tenant, std::string_view offer, PricedOffer& row) {
    auto found = read_.run(tenant, offer);
    if (!found.next()) return;
    row.currency = found.text(0);
    row.lines = read_lines(payload_.open(found.text(1)));
    row.version = found.unsigned_number(2);
    row.position = found.unsigned_number(3);
}

void PriceTables::write(const TenantId& tenant, std::string_view offer, const PricedOffer& row) {
    const auto lines = render_lines(row.lines);
    write_->execute(tenant, offer, row.currency, lines, row.version, row.position);
}

void PriceTables::set_clubify_id(
    const TenantId& tenant, std::string_view product_id, std::string_view clubify_id
) {
    set_id_.execute(tenant, product_id, clubify_id);
}

std::string PriceTables::clubify_id(const TenantId& tenant, std::string_view product_id) {
    auto found = get_id_.run(tenant, product_id);
    return found.next() ? found.string(0) : std::string();
}

bool PriceTables::set_product_price(
    const events::RecordedEvent& event, std::string_view clubify_id, const ProductPrice& price
) {
    set_price_.execute(event.tenant, clubify_id, price.cents, price.currency, event.position);
    auto changes = changes_.run();
    return changes.next() && changes.number(0) > 0;
}

std::optional<ProductPrice> PriceTables::product_price(
    const TenantId& tenant, std::string_view clubify_id
) {
    auto found = get_price_.run(tenant, clubify_id);
    if (!found.next()) return std::nullopt;
    ProductPrice price;
    if (!found.is_null(0)) price.cents = found.number(0);
    price.currency = found.string(1);
    return price;
}

void PriceTables::add_use(
    const TenantId& tenant, std::string_view clubify_id, std::string_view offer
) {
    add_use_.execute(tenant, clubify_id, offer);
}

void PriceTables::remove_use(
    const TenantId& tenant, std::string_view clubify_id, std::string_view offer
) {
    remove_use_.execute(tenant, clubify_id, offer);
}

std::vector<std::string> PriceTables::offers_with(
    const TenantId& tenant, std::string_view clubify_id
) {
    std::vector<std::string> offers;
    for (auto rows = uses_.run(tenant, clubify_id); rows.next();) offers.push_back(rows.string(0));
    return offers;
}

void PriceTables::add_status(
    const events::RecordedEvent& event, std::string_view offer, bool on_sale
) {
    add_status_.execute(event.tenant, offer, event.position, on_sale, event.recorded_at);
}

void PriceTables::add_price(
    const events::RecordedEvent& event, std::string_view offer, const PricedLine& line
) {
    add_price_.execute(
        event.tenant,
        offer,
        event.position,
        line.clubify_product_id,
        line.product_id,
        line.shown_price,
        line.shown_effective,
        line.shown_currency,
        event.recorded_at
    );
}

}  // namespace vitrine::projections
