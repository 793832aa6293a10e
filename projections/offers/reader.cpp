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

constexpr ListSource source{
    .table = "offers",
    .id_column = "offer_id",
    .status_column = "status",
    .item_columns = "name,slug,currency,product_count,version"
};

OfferListItem item_of(const Statement::Run& row) {
    OfferListItem item;
    item.offer_id = OfferId(row.text(0));
    item.name_key = row.text(1);
    item.created_at = row.time(2);
    item.updated_at = row.time(3);
    item.type = row.text(4);
    item.status = row.text(5);
    constexpr int own = ListSource::first_item_column;
    item.name = row.text(own);
    item.slug = row.text(own + 1);
    item.currency = row.text(own + 2);
    item.product_count = row.number(own + 3);
    item.version = row.unsigned_number(own + 4);
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

ListItems<OfferListItem> OffersReader::list(const TenantId& tenant, const OfferFilter& filter) {
    const ListPage page{
        filter.status,
        filter.type,
        filter.search,
        filter.sort,
        filter.descending,
        filter.after,
        filter.limit
    };
    return read_list(lease_, source, tenant, page, item_of);
}

}  // namespace vitrine::projections
