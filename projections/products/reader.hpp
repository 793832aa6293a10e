#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// One product: the JSON that GET /v1/products/{id} answers.
struct ProductDetail {
    std::string body;
    Version version = 0;
    Position position = 0;
    ClubifyId clubify_product_id;
};

struct ProductListItem {
    ProductId product_id;
    std::string body;
    Timestamp created_at, updated_at;
    std::string name_key;
};

struct ProductFilter {
    std::string type;    // empty: any
    std::string status;  // empty: any
    std::string sku;     // empty: any
    std::string search;  // folded; empty: any
    ListSort sort = ListSort::created_at;
    bool descending = true;
    std::optional<ListKey> after;
    std::size_t limit = 50;
};

/// Look-ups in the read model `products`, on the caller's thread.
class ProductsReader {
public:
    explicit ProductsReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }
    std::optional<ProductDetail> find(const TenantId& tenant, const ProductId& id);
    /// The product with this id on the platform.
    std::optional<ProductId> find_there(const TenantId& tenant, const ClubifyId& id);
    ListItems<ProductListItem> list(const TenantId& tenant, const ProductFilter& filter);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
