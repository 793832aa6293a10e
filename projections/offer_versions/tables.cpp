#include "projections/offer_versions/tables.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_versions =
    "CREATE TABLE offer_versions("
    " tenant TEXT NOT NULL, offer_id TEXT NOT NULL,"
    " valid_from INTEGER NOT NULL, first INTEGER NOT NULL,"  // position and number of the first
    " versions TEXT NOT NULL)";

constexpr const char* create_spans =
    "CREATE TABLE offer_spans("
    " tenant TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER,"
    " offer_id TEXT NOT NULL,"
    " PRIMARY KEY(tenant, valid_from)) WITHOUT ROWID";

// Of the spans that begin within one block of positions: how many have not ended, and the greatest
// end of the others. Where none is valid at a moment, they are passed over together.
constexpr const char* create_span_blocks =
    "CREATE TABLE offer_span_blocks("
    " tenant TEXT NOT NULL, block INTEGER NOT NULL,"
    " open INTEGER NOT NULL, last_end INTEGER NOT NULL,"
    " PRIMARY KEY(tenant, block)) WITHOUT ROWID";

constexpr const char* create_names =
    "CREATE TABLE offer_names("
    " tenant TEXT NOT NULL,"
    " search TEXT NOT NULL,"  // as in `offers`
    " offer_id TEXT NOT NULL,"
    " valid_from INTEGER NOT NULL, valid_to INTEGER)";

constexpr const char* create_creations =
    "CREATE TABLE offer_creations("
    " tenant TEXT NOT NULL, offer_id TEXT NOT NULL, slug TEXT NOT NULL,"
    " created_at INTEGER NOT NULL)";  // microseconds

}  // namespace

// The index by name ends with what tells whether a row was valid then.
std::vector<Table> offer_versions_tables() {
    return {
        {"offer_versions",
         create_versions,
         {"tenant", "offer_id", "valid_from"},
         {"CREATE UNIQUE INDEX offer_versions_key ON offer_versions(tenant, offer_id, valid_from)"}
        },
        {"offer_spans", create_spans, {"tenant", "valid_from"}, {}},
        {"offer_span_blocks", create_span_blocks, {"tenant", "block"}, {}},
        {"offer_names",
         create_names,
         {"tenant", "search", "offer_id", "valid_from"},
         {"CREATE UNIQUE INDEX offer_names_key"
          " ON offer_names(tenant, search, offer_id, valid_from, valid_to)"}},
        {"offer_creations",
         create_creations,
         {"tenant", "created_at", "offer_id"},
         {"CREATE UNIQUE INDEX offer_creations_key"
          " ON offer_creations(tenant, created_at, offer_id)",
          "CREATE INDEX offer_creations_slug ON offer_creations(tenant, slug)"}},
    };
}

}  // namespace vitrine::projections
