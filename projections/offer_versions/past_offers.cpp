#include "projections/offer_versions/past_offers.hpp"

#include <algorithm>
#include <utility>

#include "projections/offer_versions/span_blocks.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// Rows that are read for one page of offers that do not fit into it: one, and up to 16 of
/// versions, for each.
constexpr std::size_t most_rows_in_vain = 5'000;

constexpr const char* number_by_id =
    "SELECT offer FROM offer_creations WHERE tenant=? AND offer_id=?";
constexpr const char* number_by_slug =
    "SELECT offer FROM offer_creations WHERE tenant=? AND slug=?";
constexpr const char* block_at =
    "SELECT first,positions FROM offer_version_blocks WHERE tenant=? AND offer=? AND valid_from<=?"
    " ORDER BY valid_from DESC LIMIT 1";

// The last of a product's facts that were so then.
#define VITRINE_PRODUCT_AT                                                              \
    "SELECT product_id,clubify_product_id,name,price_cents,currency,version,valid_from" \
    " FROM offered_product_versions WHERE tenant=? AND "
constexpr const char* product_by_id =
    VITRINE_PRODUCT_AT "product_id=? AND valid_from<=? ORDER BY valid_from DESC LIMIT 1";
constexpr const char* product_by_clubify_id =
    VITRINE_PRODUCT_AT "clubify_product_id=? AND valid_from<=? ORDER BY valid_from DESC LIMIT 1";

/// Those that may have existed then, in the order of the list: ?1 tenant, ?2 the position, ?3 its
/// time, ?4 and ?5 where the page before ended, ?6 how many. Columns: the offer's number, the sort
/// key, its id (of lists by change, whose place is the position alone: none).
std::string candidates_sql(ListSort sort, bool descending, bool after) {
    const std::string direction = descending ? " DESC" : "";
    const std::string beyond = descending ? "<" : ">";
    switch (sort) {
        case ListSort::created_at:
            return "SELECT offer,created_at,offer_id FROM offer_creations"
                   " WHERE tenant=?1 AND created_at<=?3" +
                   (after ? " AND (created_at,offer_id)" + beyond + "(?4,?5)" : "") +
                   " ORDER BY created_at" + direction + ",offer_id" + direction + " LIMIT ?6";
        case ListSort::updated_at: {
            const auto size = std::to_string(span_block_positions);
            // Every block that is not passed over has one that was valid then.
            return "SELECT offer,position,'' FROM offer_span_blocks AS b"
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
            return "SELECT offer,search,"
                   "(SELECT offer_id FROM offer_creations AS c WHERE c.offer=n.offer)"
                   " FROM offer_names AS n WHERE tenant=?1"
                   " AND valid_from<=?2 AND (valid_to IS NULL OR valid_to>?2)" +
                   (after ? " AND (search,offer)" + beyond +
                                "(?4,(SELECT offer FROM offer_creations"
                                " WHERE tenant=?1 AND offer_id=?5))"
                          : "") +
                   " ORDER BY search" + direction + ",offer" + direction + " LIMIT ?6";
    }
    return {};
}

bool holds(const OfferState& offer, const HeldProduct& product) {
    return !product.is_asked || std::ranges::any_of(offer.products, [&](const OfferLine& line) {
        return product.is(line.clubify_product_id);
    });
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

Position PastOffers::number_of(const char* look_up, const TenantId& tenant, std::string_view by) {
    auto found = lease_.statement(look_up).run(tenant, by);
    return found.next() ? found.unsigned_number(0) : 0;
}

PastOffers::Versions PastOffers::versions(const TenantId& tenant, Position number, Position at) {
    Versions versions;
    auto block = lease_.statement(block_at).run(tenant, number, at);
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
    return read(versions(tenant, number_of(number_by_id, tenant, id.view()), at));
}

std::optional<OfferState> PastOffers::find_by_slug(
    const TenantId& tenant, std::string_view slug, Position at
) {
    return read(versions(tenant, number_of(number_by_slug, tenant, slug), at));
}

PricedBody PastOffers::price(const TenantId& tenant, const OfferState& offer, Position at) {
    return pricing_.price_body(render(offer), finder(tenant, at));
}

FindProduct PastOffers::finder(const TenantId& tenant, Position at) {
    return [this, &tenant, at](std::string_view product_id, std::string_view clubify_product_id) {
        const bool is_ours = !product_id.empty();
        auto& select = lease_.statement(is_ours ? product_by_id : product_by_clubify_id);
        return read_product(select.run(tenant, is_ours ? product_id : clubify_product_id, at));
    };
}

ListItems<OfferListItem> PastOffers::list(
    const TenantId& tenant, const OfferFilter& filter, const Moment& at
) {
    const bool by_name = filter.sort == ListSort::name;
    const bool by_change = filter.sort == ListSort::updated_at;
    const auto after = filter.after.value_or(ListKey{});
    auto& select =
        lease_.statement(candidates_sql(filter.sort, filter.descending, filter.after.has_value()));
    const auto limit = filter.limit + most_rows_in_vain + 1;  // whether there are others
    auto rows = by_name ? select.run(tenant, at.position, at.time, after.text, after.id, limit)
                        : select.run(tenant, at.position, at.time, after.number, after.id, limit);
    const auto find = finder(tenant, at.position);
    const auto product = held_product(filter.product_id, find);
    std::size_t rows_in_vain = 0;
    const auto look = [&](const Statement::Run& row, ListKey& key) -> std::optional<OfferListItem> {
        key.id = row.text(2);
        if (by_name) {
            key.text = row.text(1);
        } else {
            key.number = row.number(1);
        }
        const auto found = versions(tenant, row.unsigned_number(0), at.position);
        if (by_change &&
            (found.positions.empty() || std::cmp_not_equal(found.positions.back(), key.number))) {
            ++rows_in_vain;
            return std::nullopt;  // a later version was valid then
        }
        const auto offer = read(found);
        if (!offer || !matches(*offer, filter) || !holds(*offer, product)) {
            rows_in_vain += 1 + found.positions.size();
            return std::nullopt;
        }
        auto item = item_of(*offer);
        item.total_cents = pricing_.total_of(render(*offer), find);
        return item;
    };
    return look_through<OfferListItem, ListKey>(
        std::move(rows), filter.limit, [&] { return rows_in_vain < most_rows_in_vain; }, look
    );
}

}  // namespace vitrine::projections
