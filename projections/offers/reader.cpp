#include "projections/offers/reader.hpp"

#include "projections/list_sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* by_id =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency"
    " FROM offers WHERE tenant=? AND offer_id=?";
constexpr const char* by_slug =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency"
    " FROM offers WHERE tenant=? AND slug=?";

std::optional<OfferDetail> find_one(Statement::Run row) {
    if (!row.next()) return std::nullopt;
    OfferDetail offer;
    offer.body = row.text(0);
    offer.version = row.unsigned_number(1);
    offer.position = row.unsigned_number(2);
    offer.offer_id = OfferId(row.text(3));
    offer.clubify_offer_id = ClubifyId(row.text(4));
    offer.status = row.text(5);
    offer.currency = row.text(6);
    return offer;
}

OfferListItem item_of(const Statement::Run& row) {
    OfferListItem item;
    item.offer_id = OfferId(row.text(0));
    item.name = row.text(1);
    item.slug = row.text(2);
    item.type = row.text(3);
    item.status = row.text(4);
    item.currency = row.text(5);
    item.product_count = row.number(6);
    item.version = row.unsigned_number(7);
    item.created_at = row.time(8);
    item.updated_at = row.time(9);
    item.name_key = row.text(10);
    return item;
}

}  // namespace

std::optional<OfferDetail> OffersReader::find(const TenantId& tenant, const OfferId& id) {
    return seen(find_one(lease_.statement(by_id).run(tenant, id)));
}

std::optional<OfferDetail> OffersReader::find_by_slug(
    const TenantId& tenant, std::string_view slug
) {
    return seen(find_one(lease_.statement(by_slug).run(tenant, slug)));
}

std::optional<OfferDetail> OffersReader::seen(std::optional<OfferDetail> offer) {
    if (offer) lease_.saw(offer->position);
    return offer;
}

std::vector<OfferListItem> OffersReader::list(const TenantId& tenant, const OfferFilter& filter) {
    lease_.read_position();
    const ListPage page{
        filter.status,
        filter.type,
        filter.search,
        filter.sort,
        filter.descending,
        filter.after,
        filter.limit
    };
    auto& select = lease_.statement(list_sql(
        "SELECT offer_id,name,slug,type,status,currency,product_count,version,created_at,"
        "updated_at,search FROM offers",
        "offer_id",
        "status",
        page
    ));
    std::vector<OfferListItem> items;
    for (auto rows = run_list(select, tenant, page); rows.next();) items.push_back(item_of(rows));
    return items;
}

ListKey key_of(const OfferListItem& item, ListSort sort) {
    return list_key(item.offer_id.str(), item.name_key, item.created_at, item.updated_at, sort);
}

}  // namespace vitrine::projections
