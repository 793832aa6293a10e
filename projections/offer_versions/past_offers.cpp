#include "projections/offer_versions/past_offers.hpp"

#include "projections/offer_versions/tables.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// Offers that are looked at for one page.
constexpr std::size_t most_looked_at = 2'000;

constexpr const char* block_at =
    "SELECT versions FROM offer_versions WHERE tenant=? AND offer_id=? AND valid_from<=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* block_of_version =
    "SELECT versions FROM offer_versions WHERE tenant=? AND offer_id=? AND first<=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* id_by_slug = "SELECT offer_id FROM offer_creations WHERE tenant=? AND slug=?";

/// Those that may have existed then, in the order of the list: ?1 tenant, ?2 the position, ?3 its
/// time, ?4 and ?5 where the page before ended, ?6 how many. Columns: offer_id, sort key.
std::string candidates_sql(ListSort sort, bool descending, bool after) {
    const std::string direction = descending ? " DESC" : "";
    const std::string beyond = descending ? "<" : ">";
    const std::string valid = " AND valid_from<=?2 AND (valid_to IS NULL OR valid_to>?2)";
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
            return "SELECT offer_id,valid_from FROM offer_span_blocks AS b CROSS JOIN offer_spans "
                   "AS s"
                   " ON s.tenant=?1 AND valid_from BETWEEN block*" +
                   size + " AND block*" + size + "+" + size +
                   "-1"
                   " WHERE b.tenant=?1 AND block<=?2/" +
                   size + " AND (open>0 OR last_end>?2)" + valid +
                   (after
                        ? " AND block" + beyond + "=?4/" + size + " AND valid_from" + beyond + "?4"
                        : "") +
                   " ORDER BY block" + direction + ",valid_from" + direction + " LIMIT ?6";
        }
        case ListSort::name:
            return "SELECT offer_id,search FROM offer_names WHERE tenant=?1" + valid +
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

/// `block`: the row with the block's text, if there is one.
template <class Block, class IsWanted>
std::optional<OfferState> PastOffers::read(Block block, IsWanted is_wanted) {
    if (!block.next()) return std::nullopt;
    auto offer = reader_.read(block.text(0), is_wanted);
    return offer.version == 0 ? std::nullopt : std::optional(std::move(offer));
}

std::optional<OfferState> PastOffers::find(const TenantId& tenant, const OfferId& id, Position at) {
    return read(lease_.statement(block_at).run(tenant, id, at), [at](Position position, Version) {
        return position <= at;
    });
}

std::optional<OfferState> PastOffers::find_version(
    const TenantId& tenant, const OfferId& id, Version version
) {
    return read(
        lease_.statement(block_of_version).run(tenant, id, version),
        [version](Position, Version one) { return one <= version; }
    );
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

PastPage PastOffers::list(const TenantId& tenant, const OfferFilter& filter, const Moment& at) {
    const bool by_name = filter.sort == ListSort::name;
    const auto after = filter.after.value_or(ListKey{});
    auto& select =
        lease_.statement(candidates_sql(filter.sort, filter.descending, filter.after.has_value()));
    constexpr auto limit = most_looked_at + 1;  // one more tells whether there are others
    auto rows = by_name ? select.run(tenant, at.position, at.time, after.text, after.id, limit)
                        : select.run(tenant, at.position, at.time, after.number, after.id, limit);
    PastPage page;
    ListKey key;
    for (std::size_t looked_at = 0; rows.next(); ++looked_at) {
        if (looked_at == most_looked_at || page.items.size() == filter.limit) {
            page.next = key;
            break;
        }
        key.id = rows.text(0);
        if (by_name) {
            key.text = rows.text(1);
        } else {
            key.number = rows.number(1);
        }
        const auto offer = find(tenant, OfferId(key.id), at.position);
        if (offer && matches(*offer, filter)) page.items.push_back(item_of(*offer));
    }
    return page;
}

}  // namespace vitrine::projections
