#include "projections/products/reader.hpp"

#include "projections/list_sql.hpp"

namespace vitrine::projections {
namespace {

constexpr ListSource source{
    .table = "products", .id_column = "product_id", .status_column = "''", .item_columns = "body"
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

ListItems<ProductListItem> ProductsReader::list(
    const TenantId& tenant, const ProductFilter& filter
) {
    const ListPage page{
        {}, filter.type, filter.search, filter.sort, filter.descending, filter.after, filter.limit
    };
    return read_list<ProductListItem>(lease_, source, tenant, page, item_of);
}

}  // namespace vitrine::projections
