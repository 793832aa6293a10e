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
    };
}

}  // namespace vitrine::projections
