#include "queries/products/get_product.hpp"

#include "projections/products/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::queries {

Result get_product(const ReadSide& reads, const TenantId& tenant, const ProductId& id) {
    auto lease = reads.projections.read_model(products_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ProductsReader products(std::move(*lease));
    auto product = products.find(tenant, id);
    if (!product)
        return std::unexpected(not_found({"there is no such product", "este produto não existe"}));
    Answer answer;
    answer.body = std::move(product->body);
    answer.version = product->version;
    answer.position = products.position();
    return answer;
}

}  // namespace vitrine::queries
