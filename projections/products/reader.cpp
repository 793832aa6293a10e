#include "projections/products/reader.hpp"

#include "projections/list_sql.hpp"

namespace vitrine::projections {

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

std::vector<ProductListItem> ProductsReader::list(
    const TenantId& tenant, const ProductFilter& filter
) {
    lease_.read_position();
    const ListPage page{
        {}, filter.type, filter.search, filter.sort, filter.descending, filter.after, filter.limit
    };
    auto& select = lease_.statement(list_sql(
        "SELECT product_id,body,created_at,updated_at,search FROM products",
        "product_id",
        "''",
        page
    ));
    std::vector<ProductListItem> items;
    for (auto rows = run_list(select, tenant, page); rows.next();) {
        auto& item = items.emplace_back();
        item.product_id = ProductId(rows.text(0));
        item.body = rows.text(1);
        item.created_at = rows.time(2);
        item.updated_at = rows.time(3);
        item.name_key = rows.text(4);
    }
    return items;
}

ListKey key_of(const ProductListItem& item, ListSort sort) {
    return list_key(item.product_id.str(), item.name_key, item.created_at, item.updated_at, sort);
}

}  // namespace vitrine::projections
