#include "projections/products/reader.hpp"

#include "projections/list_sql.hpp"

namespace vitrine::projections {
namespace {

constexpr ListSource source{
    .table = "products",
    .id_column = "product_id",
    .status_column = "status",
    .item_columns = "body"
};

ProductListItem item_of(const Statement::Run& row) {
    ProductListItem item;
    item.product_id = ProductId(row.text(0));
    item.name_key = row.text(1);
    item.created_at = row.time(2);
    item.updated_at = row.time(3);
    item.body = row.text(ListSource::first_item_column);
    return item;
}

}  // namespace

std::optional<ProductDetail> ProductsReader::find(const TenantId& tenant, const ProductId& id) {
    auto& select = lease_.statement(
        "SELECT body,version,position,clubify_product_id FROM products"
        " WHERE tenant=? AND product_id=?"
    );
    auto row = select.run(tenant, id);
    if (!row.next()) return std::nullopt;
    ProductDetail product;
    product.body = row.text(0);
    product.version = row.unsigned_number(1);
    product.position = row.unsigned_number(2);
    product.clubify_product_id = ClubifyId(row.text(3));
    lease_.saw(product.position);
    return product;
}

std::optional<ProductId> ProductsReader::find_there(const TenantId& tenant, const ClubifyId& id) {
    auto& select =
        lease_.statement("SELECT product_id FROM products WHERE tenant=? AND clubify_product_id=?");
    auto row = select.run(tenant, id);
    if (!row.next()) return std::nullopt;
    return ProductId(row.text(0));
}

ListItems<ProductListItem> ProductsReader::list(
    const TenantId& tenant, const ProductFilter& filter
) {
    const ListPage page{
        .status = filter.status,
        .type = filter.type,
        .search = filter.search,
        .sku = filter.sku,
        .sort = filter.sort,
        .descending = filter.descending,
        .after = filter.after,
        .limit = filter.limit
    };
    return read_list<ProductListItem>(lease_, source, tenant, page, item_of);
}

}  // namespace vitrine::projections
