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

#define VITRINE_PRODUCT                                                               \
    "SELECT product_id,clubify_product_id,name,price_cents,currency,version,position" \
    " FROM offered_products WHERE tenant=? AND "
constexpr const char* product_by_id = VITRINE_PRODUCT "product_id=?";
constexpr const char* product_by_clubify_id = VITRINE_PRODUCT "clubify_product_id=?";

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
    .item_columns = "name,slug,currency,product_count,version,body"
};

constexpr int body_column = ListSource::first_item_column + 5;

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
    const auto find = finder(tenant);
    const auto item = [&](const Statement::Run& row) {
        auto item = item_of(row);
        item.total_cents = pricing_.total_of(row.text(body_column), find);
        return item;
    };
    return read_list<OfferListItem>(lease_, source, tenant, page, item);
}

void OffersReader::price(const TenantId& tenant, OfferDetail& offer) {
    auto priced = pricing_.price_body(offer.body, finder(tenant));
    offer.body = std::move(priced.body);
    offer.facts = priced.facts;
    lease_.saw(offer.facts);
}

std::optional<ProductFacts> OffersReader::product(
    const TenantId& tenant, std::string_view product_id, std::string_view clubify_product_id
) {
    if (!has_products_) has_products_ = lease_.has_table("offered_products");
    if (!*has_products_) return std::nullopt;
    const bool is_ours = !product_id.empty();
    auto& select = lease_.statement(is_ours ? product_by_id : product_by_clubify_id);
    return read_product(select.run(tenant, is_ours ? product_id : clubify_product_id));
}

FindProduct OffersReader::finder(const TenantId& tenant) {
    return [this, &tenant](std::string_view product_id, std::string_view clubify_product_id) {
        return product(tenant, product_id, clubify_product_id);
    };
}

}  // namespace vitrine::projections
