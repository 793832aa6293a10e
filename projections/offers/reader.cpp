#include "projections/offers/reader.hpp"

#include "projections/list_sql.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* by_id =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency"
    " FROM offers WHERE tenant=? AND offer_id=?";
constexpr const char* by_slug =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency"
    " FROM offers WHERE tenant=? AND slug=?";

std::optional<OfferDetail> find_one(SQLite::Statement& select) {
    if (!select.executeStep()) return std::nullopt;
    OfferDetail offer;
    offer.body = text_at(select, 0);
    offer.version = unsigned_at(select, 1);
    offer.position = unsigned_at(select, 2);
    offer.offer_id = OfferId(text_at(select, 3));
    offer.clubify_offer_id = ClubifyId(text_at(select, 4));
    offer.status = text_at(select, 5);
    offer.currency = text_at(select, 6);
    return offer;
}

OfferListItem item_of(const SQLite::Statement& row) {
    OfferListItem item;
    item.offer_id = OfferId(text_at(row, 0));
    item.name = text_at(row, 1);
    item.slug = text_at(row, 2);
    item.type = text_at(row, 3);
    item.status = text_at(row, 4);
    item.currency = text_at(row, 5);
    item.product_count = number_at(row, 6);
    item.version = unsigned_at(row, 7);
    item.created_at = Timestamp(std::chrono::microseconds(number_at(row, 8)));
    item.updated_at = Timestamp(std::chrono::microseconds(number_at(row, 9)));
    item.name_key = text_at(row, 10);
    return item;
}

}  // namespace

std::optional<OfferDetail> OffersReader::find(const TenantId& tenant, const OfferId& id) {
    auto& select = lease_.statement(by_id);
    Binder(select).text(tenant.view()).text(id.view());
    return find_one(select);
}

std::optional<OfferDetail> OffersReader::find_by_slug(
    const TenantId& tenant, std::string_view slug
) {
    auto& select = lease_.statement(by_slug);
    Binder(select).text(tenant.view()).text(slug);
    return find_one(select);
}

std::vector<OfferListItem> OffersReader::list(const TenantId& tenant, const OfferFilter& filter) {
    ListQuery query(
        "SELECT offer_id,name,slug,type,status,currency,product_count,version,created_at,"
        "updated_at,search FROM offers",
        "offer_id"
    );
    query.filter("status", filter.status);
    query.filter("type", filter.type);
    query.search(filter.search);
    query.order(filter.sort, filter.descending, filter.after);
    query.limit(filter.limit);
    std::vector<OfferListItem> items;
    auto& select = lease_.statement(query.sql());
    query.bind(select, tenant);
    while (select.executeStep()) items.push_back(item_of(select));
    return items;
}

ListKey key_of(const OfferListItem& item, ListSort sort) {
    return list_key(item.offer_id.str(), item.name_key, item.created_at, item.updated_at, sort);
}

}  // namespace vitrine::projections
