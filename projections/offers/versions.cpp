#include "projections/offers/versions.hpp"

#include <SQLiteCpp/Exception.h>

#include "core/text.hpp"

namespace vitrine::projections {
namespace {

constexpr Version versions_of_a_base = 16;

Version block_of(Version version) {
    return (version - 1) / versions_of_a_base;
}

constexpr const char* create_versions =
    "CREATE TABLE offer_versions("
    " tenant TEXT NOT NULL,"
    " valid_from INTEGER NOT NULL, valid_to INTEGER,"  // positions
    " version INTEGER NOT NULL,"
    " previous INTEGER NOT NULL, base INTEGER NOT NULL,"  // valid_from of rows of the same offer
    " changes TEXT NOT NULL)";  // members as GET /v1/offers/{id} has them; of a base: all

constexpr const char* create_names =
    "CREATE TABLE offer_names("
    " tenant TEXT NOT NULL, search TEXT NOT NULL, offer_id TEXT NOT NULL,"
    " valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL)";

}  // namespace

std::string search_text(const OfferState& state) {
    return fold(state.name) + ' ' + state.slug;
}

OfferVersions::OfferVersions(SQLite::Database& database)
    : insert_version_(
          database.getHandle(),
          "INSERT INTO offer_versions(tenant,valid_from,valid_to,version,previous,base,changes)"
          " VALUES(?,?,?,?,?,?,?)"
      ),
      end_version_(
          database.getHandle(),
          "UPDATE offer_versions SET valid_to=? WHERE tenant=? AND valid_from=?"
      ),
      insert_name_(
          database.getHandle(),
          "INSERT INTO offer_names(tenant,search,offer_id,valid_from,valid_to) VALUES(?,?,?,?,?)"
      ),
      find_base_(
          database.getHandle(), "SELECT base FROM offer_versions WHERE tenant=? AND valid_from=?"
      ) {}

void OfferVersions::read(const TenantId& tenant, const OfferState& state, OfferTail& tail) {
    auto base = find_base_.run(tenant, state.position);
    if (!base.next()) throw SQLite::Exception("offer " + state.offer_id + " has no version row");
    tail.position = state.position;
    tail.base = base.unsigned_number(0);
    tail.version = state.version;
    tail.is_stored = true;
    tail.search = search_text(state);
}

void OfferVersions::add(
    const TenantId& tenant, const OfferState& state, OfferMembers changed, OfferTail& tail
) {
    const bool is_first = tail.position == 0;
    if (!is_first) put_version(tenant, tail, state.position);
    if (is_first || block_of(state.version) != block_of(tail.version)) {
        tail.base = state.position;
        tail.changes = render(state);
    } else {
        tail.changes = render(state, changed);
    }
    tail.previous = tail.position;
    tail.position = state.position;
    tail.version = state.version;
    tail.is_stored = false;
    if (!has(changed, OfferMembers::name)) return;
    auto search = search_text(state);
    if (search == tail.search) return;
    if (!is_first) {
        insert_name_.execute(tenant, tail.search, state.offer_id, tail.named_at, state.position);
    }
    tail.search = std::move(search);
    tail.named_at = state.position;
}

/// `end`: where the row ceases to be valid; nullopt: not yet.
void OfferVersions::put_version(
    const TenantId& tenant, const OfferTail& tail, std::optional<Position> end
) {
    if (tail.is_stored) {
        end_version_.execute(end, tenant, tail.position);
        return;
    }
    insert_version_.execute(
        tenant, tail.position, end, tail.version, tail.previous, tail.base, tail.changes
    );
}

void OfferVersions::write(const TenantId& tenant, OfferTail& tail) {
    if (!tail.is_stored) put_version(tenant, tail, std::nullopt);
    tail.is_stored = true;
    tail.changes.clear();
}

// The indexes end with what tells whether a row was valid then: most that a list passes were not.
std::vector<Table> offer_version_tables() {
    return {
        {"offer_versions",
         create_versions,
         {"tenant", "valid_from"},
         {"CREATE UNIQUE INDEX offer_versions_key ON offer_versions(tenant, valid_from, valid_to)"}
        },
        {"offer_names",
         create_names,
         {"tenant", "search", "offer_id", "valid_from"},
         {"CREATE UNIQUE INDEX offer_names_key"
          " ON offer_names(tenant, search, offer_id, valid_from, valid_to)"}},
    };
}

}  // namespace vitrine::projections
