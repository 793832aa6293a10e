#include "projections/offer_versions/tables.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_versions =
    "CREATE TABLE offer_versions("
    " position INTEGER PRIMARY KEY,"  // of its event
    " tenant TEXT NOT NULL, offer INTEGER NOT NULL,"
    " recorded_at INTEGER NOT NULL,"  // microseconds
    " changes TEXT NOT NULL)";

constexpr const char* create_version_blocks =
    "CREATE TABLE offer_version_blocks("
    " tenant TEXT NOT NULL, offer INTEGER NOT NULL,"
    " valid_from INTEGER NOT NULL, first INTEGER NOT NULL,"  // position and number of the first
    " positions TEXT NOT NULL)";

// Of the versions that begin within one block of positions: how many are still valid, and when the
// last of the others ceased to be. Where none is valid at a moment, they are passed over together.
constexpr const char* create_span_blocks =
    "CREATE TABLE offer_span_blocks("
    " tenant TEXT NOT NULL, block INTEGER NOT NULL,"
    " open INTEGER NOT NULL, last_end INTEGER NOT NULL,"
    " PRIMARY KEY(tenant, block)) WITHOUT ROWID";

constexpr const char* create_names =
    "CREATE TABLE offer_names("
    " tenant TEXT NOT NULL,"
    " search TEXT NOT NULL,"  // as in `offers`
    " offer INTEGER NOT NULL,"
    " valid_from INTEGER NOT NULL, valid_to INTEGER)";

constexpr const char* create_creations =
    "CREATE TABLE offer_creations("
    " offer INTEGER PRIMARY KEY,"
    " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, slug TEXT NOT NULL,"
    " created_at INTEGER NOT NULL)";  // microseconds

constexpr const char* create_products =
    "CREATE TABLE offered_product_versions("
    " tenant TEXT NOT NULL, product_id TEXT NOT NULL,"
    " valid_from INTEGER NOT NULL,"  // a position; until the next row of the product
    " version INTEGER NOT NULL,"     // of the product's stream
    " clubify_product_id TEXT NOT NULL, name TEXT NOT NULL,"
    " price_cents INTEGER, currency TEXT NOT NULL)";

}  // namespace

// The index by name ends with what tells whether a row was valid then.
std::vector<Table> offer_versions_tables() {
    return {
        {"offer_versions", create_versions, {"position", "tenant"}, {}},
        {"offer_version_blocks",
         create_version_blocks,
         {"tenant", "offer", "valid_from"},
         {"CREATE UNIQUE INDEX offer_version_blocks_key"
          " ON offer_version_blocks(tenant, offer, valid_from)"}},
        {"offer_span_blocks", create_span_blocks, {"tenant", "block"}, {}},
        {"offer_names",
         create_names,
         {"tenant", "search", "offer", "valid_from"},
         {"CREATE UNIQUE INDEX offer_names_key"
          " ON offer_names(tenant, search, offer, valid_from, valid_to)"}},
        {"offer_creations",
         create_creations,
         {"offer", "tenant"},
         {"CREATE UNIQUE INDEX offer_creations_id ON offer_creations(tenant, offer_id)",
          "CREATE UNIQUE INDEX offer_creations_created"
          " ON offer_creations(tenant, created_at, offer_id)",
          "CREATE INDEX offer_creations_slug ON offer_creations(tenant, slug)"}},
        {"offered_product_versions",
         create_products,
         {"tenant", "product_id", "valid_from"},
         {"CREATE UNIQUE INDEX offered_product_versions_key"
          " ON offered_product_versions(tenant, product_id, valid_from)",
          "CREATE INDEX offered_product_versions_clubify"
          " ON offered_product_versions(tenant, clubify_product_id, valid_from)"}},
    };
}

}  // namespace vitrine::projections
