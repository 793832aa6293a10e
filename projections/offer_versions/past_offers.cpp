#include "projections/offer_versions/past_offers.hpp"

#include <utility>

#include "projections/offer_versions/span_blocks.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// Offers that are looked at for one page.
constexpr std::size_t most_looked_at = 2'000;

constexpr const char* block_at =
    "SELECT first,positions FROM offer_version_blocks WHERE tenant=? AND offer_id=? AND "
    "valid_from<=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* block_of_version =
    "SELECT first,positions FROM offer_version_blocks WHERE tenant=? AND offer_id=? AND first<=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* id_by_slug = "SELECT offer_id FROM offer_creations WHERE tenant=? AND slug=?";

/// Those that may have existed then, in the order of the list: ?1 tenant, ?2 the position, ?3 its
/// time, ?4 and ?5 where the page before ended, ?6 how many. Columns: offer_id, sort key.
std::string candidates_sql(ListSort sort, bool descending, bool after) {
    const std::string direction = descending ? " DESC" : "";
    const std::string beyond = descending ? "<" : ">";
    const auto order = [&](const std::string& key) {
        return (after ? " AND (" + key + ",offer_id)" + beyond + "(?4,?5)" : std::string()) +
               " ORDER BY " + key + direction + ",offer_id" + direction + " LIMIT ?6";
    };
    switch (sort) {
        case ListSort::created_at:
            return "SELECT offer_id,created_at FROM offer_creations"
                   " WHERE tenant=?1 AND created_at<=?3" +
                   order("created_at");
        case ListSort::updated_at: {
            const auto size = std::to_string(span_block_positions);
            // Every block that is not passed over has one that was valid then.
            return "SELECT offer_id,position FROM offer_span_blocks AS b"
                   " CROSS JOIN offer_versions AS v ON v.tenant=?1 AND position BETWEEN block*" +
                   size + " AND block*" + size + "+" + size +
                   "-1"
                   " WHERE b.tenant=?1 AND block<=?2/" +
                   size + " AND (open>0 OR last_end>?2) AND position<=?2" +
                   (after ? " AND block" + beyond + "=?4/" + size + " AND position" + beyond + "?4"
                          : "") +
                   " ORDER BY block" + direction + ",position" + direction + " LIMIT ?6";
        }
        case ListSort::name:
            return "SELECT offer_id,search FROM offer_names WHERE tenant=?1"
                   " AND valid_from<=?2 AND (valid_to IS NULL OR valid_to>?2)" +
                   order("search");
    }
    return {};
}

bool matches(const OfferState& offer, const OfferFilter& filter) {
    return (filter.status.empty() || offer.status == filter.status) &&
           (filter.type.empty() || offer.type == filter.type) &&
           (filter.search.empty() || search_text(offer).contains(filter.search));
}

OfferListItem item_of(const OfferState& offer) {
    OfferListItem item;
    item.offer_id = OfferId(offer.offer_id);
    item.name = offer.name;
    item.slug = offer.slug;
    item.type = offer.type;
    item.status = offer.status;
    item.currency = offer.currency;
    item.product_count = static_cast<std::int64_t>(offer.products.size());
    item.version = offer.version;
    item.created_at = offer.created_at;
    item.updated_at = offer.updated_at;
    return item;
}

}  // namespace

PastOffers::Versions PastOffers::versions(const TenantId& tenant, const OfferId& id, Position at) {
    Versions versions;
    auto block = lease_.statement(block_at).run(tenant, id, at);
    if (!block.next()) return versions;
    versions.first = block.unsigned_number(0);
    versions.positions = positions_of(block.text(1));
    while (!versions.positions.empty() && versions.positions.back() > at) {
        versions.positions.pop_back();
    }
    return versions;
}

std::optional<OfferState> PastOffers::read(const Versions& versions) {
    if (versions.positions.empty()) return std::nullopt;
    return reader_.read(versions.positions, versions.first, lease_.statement(version_at));
}

std::optional<OfferState> PastOffers::find(const TenantId& tenant, const OfferId& id, Position at) {
    return read(versions(tenant, id, at));
}

std::optional<OfferState> PastOffers::find_version(
    const TenantId& tenant, const OfferId& id, Version version
) {
    Versions versions;
    {
        auto block = lease_.statement(block_of_version).run(tenant, id, version);
        if (!block.next()) return std::nullopt;
        versions.first = block.unsigned_number(0);
        versions.positions = positions_of(block.text(1));
    }
    const auto wanted = version - versions.first + 1;
    if (versions.positions.size() > wanted) versions.positions.resize(wanted);
    return read(versions);
}

std::optional<OfferState> PastOffers::find_by_slug(
    const TenantId& tenant, std::string_view slug, Position at
) {
    OfferId id;
    {
        auto found = lease_.statement(id_by_slug).run(tenant, slug);
        if (!found.next()) return std::nullopt;
        id = OfferId(found.text(0));
    }
    return find(tenant, id, at);
}

ListItems<OfferListItem> PastOffers::list(
    const TenantId& tenant, const OfferFilter& filter, const Moment& at
) {
    const bool by_name = filter.sort == ListSort::name;
    const bool by_change = filter.sort == ListSort::updated_at;
    const auto after = filter.after.value_or(ListKey{});
    auto& select =
        lease_.statement(candidates_sql(filter.sort, filter.descending, filter.after.has_value()));
    constexpr auto limit = most_looked_at + 1;  // one more tells whether there are others
    auto rows = by_name ? select.run(tenant, at.position, at.time, after.text, after.id, limit)
                        : select.run(tenant, at.position, at.time, after.number, after.id, limit);
    const auto look = [&](const Statement::Run& row, ListKey& key) -> std::optional<OfferListItem> {
        key.id = row.text(0);
        if (by_name) {
            key.text = row.text(1);
        } else {
            key.number = row.number(1);
        }
        const auto found = versions(tenant, OfferId(key.id), at.position);
        if (by_change &&
            (found.positions.empty() || std::cmp_not_equal(found.positions.back(), key.number))) {
            return std::nullopt;  // a later version was valid then
        }
        const auto offer = read(found);
        if (!offer || !matches(*offer, filter)) return std::nullopt;
        return item_of(*offer);
    };
    return look_through<OfferListItem, ListKey>(
        std::move(rows), filter.limit, most_looked_at, look
    );
}

}  // namespace vitrine::projections
