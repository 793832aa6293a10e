#include "projections/offers/reader.hpp"

#include "projections/list_sql.hpp"
#include "projections/payload.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* by_id =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency,name,slug"
    " FROM offers WHERE tenant=? AND offer_id=?";
constexpr const char* by_slug =
    "SELECT body,version,position,offer_id,clubify_offer_id,status,currency,name,slug"
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
    offer.name = row.text(7);
    offer.slug = row.text(8);
    return offer;
}

constexpr ListSource source{
    .table = "offers",
    .id_column = "offer_id",
    .status_column = "status",
    .item_columns = "name,slug,currency,product_count,version,body,clubify_offer_id"
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
    item.clubify_offer_id = ClubifyId(row.text(own + 6));
    return item;
}

#define VITRINE_LISTED                                                                           \
    "SELECT offer_id,search,created_at,updated_at,type,status,name,slug,currency,product_count," \
    "version,body,clubify_offer_id FROM offers WHERE tenant=?1"
constexpr const char* listed_by_clubify_id = VITRINE_LISTED " AND clubify_offer_id=?2";

std::string listed_by_id(const OfferFilter& filter) {
    std::string sql = VITRINE_LISTED;
    if (filter.after) sql += filter.descending ? " AND offer_id<?2" : " AND offer_id>?2";
    sql += filter.descending ? " ORDER BY offer_id DESC" : " ORDER BY offer_id";
    return sql + " LIMIT " + std::to_string(most_looked_at + 1);
}

ListPage page_of(const OfferFilter& filter) {
    return {
        .status = filter.status,
        .type = filter.type,
        .search = filter.search,
        .sort = filter.sort,
        .descending = filter.descending,
        .after = filter.after,
        .limit = filter.limit
    };
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

HeldProduct OffersReader::held(const TenantId& tenant, const OfferFilter& filter) {
    return held_product(filter.product_id, finder(tenant));
}

bool OffersReader::lets_through(
    const Statement::Run& row, const OfferFilter& filter, const HeldProduct& product
) {
    return fits(row, page_of(filter)) && pricing_.holds(row.text(body_column), product);
}

ListItems<OfferListItem> OffersReader::list(const TenantId& tenant, const OfferFilter& filter) {
    const auto find = finder(tenant);
    const auto product = held(tenant, filter);
    const auto item = [&](const Statement::Run& row) -> std::optional<OfferListItem> {
        if (!pricing_.holds(row.text(body_column), product)) return std::nullopt;
        auto item = item_of(row);
        item.total_cents = pricing_.total_of(row.text(body_column), find);
        return item;
    };
    return read_list<OfferListItem>(lease_, source, tenant, page_of(filter), item);
}

std::optional<OfferListItem> OffersReader::find_listed(
    const TenantId& tenant, const ClubifyId& clubify_id, const OfferFilter* filter
) {
    auto row = lease_.statement(listed_by_clubify_id).run(tenant, clubify_id);
    if (!row.next()) return std::nullopt;
    if (filter != nullptr && !lets_through(row, *filter, held(tenant, *filter)))
        return std::nullopt;
    auto item = item_of(row);
    item.total_cents = pricing_.total_of(row.text(body_column), finder(tenant));
    return item;
}

ListItems<OfferListItem> OffersReader::list_by_id(
    const TenantId& tenant,
    const OfferFilter& filter,
    const std::function<bool(const OfferListItem&)>& wants
) {
    lease_.read_position();
    const auto product = held(tenant, filter);
    const auto find = finder(tenant);
    auto& select = lease_.statement(listed_by_id(filter));
    const auto look = [&](const Statement::Run& row, ListKey& key) -> std::optional<OfferListItem> {
        key.id = row.text(0);
        if (!lets_through(row, filter, product)) return std::nullopt;
        auto item = item_of(row);
        if (!wants(item)) return std::nullopt;
        item.total_cents = pricing_.total_of(row.text(body_column), find);
        return item;
    };
    auto rows = filter.after ? select.run(tenant, filter.after->id) : select.run(tenant);
    return look_through<OfferListItem, ListKey>(
        std::move(rows), filter.limit, AtMost(most_looked_at), look
    );
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
