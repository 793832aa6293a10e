#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "projections/offers/state.hpp"
#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// What is remembered of an offer to write its next version.
struct OfferTail {
    Position position = 0;  // where its newest version became valid; 0: there is none
    Position previous = 0;  // of the version before it; 0: it is the first
    Position base = 0;      // of the full row that it builds on
    Version version = 0;
    std::string changes;
    bool is_stored = false;

    Position named_at = 0;  // where its name became valid
    std::string search;

    std::size_t bytes() const { return sizeof(OfferTail) + changes.size() + search.size(); }
};

/// The tables of `offers` that tell what an offer was: `offer_versions`, a row for each of its
/// events with the members that it changed, and each 16 versions one with all of them; and
/// `offer_names`, a row for each name that it no longer has. Both are valid from a position to
/// before another; NULL: still.
class OfferVersions {
public:
    explicit OfferVersions(SQLite::Database& database);

    /// Fills the tail of an offer whose row says that it is at `state`, but for `named_at`.
    void read(const TenantId& tenant, const OfferState& state, OfferTail& tail);

    /// After an event that changed those members. Inside the caller's transaction.
    void add(
        const TenantId& tenant, const OfferState& state, OfferMembers changed, OfferTail& tail
    );

    /// Puts the newest version into the table.
    void write(const TenantId& tenant, OfferTail& tail);

private:
    void put_version(const TenantId& tenant, const OfferTail& tail, std::optional<Position> end);

    Statement insert_version_, end_version_, insert_name_, find_base_;
};

/// The text that an offer is searched and sorted by: its folded name, a space, its slug.
std::string search_text(const OfferState& state);

std::vector<Table> offer_version_tables();

}  // namespace vitrine::projections
