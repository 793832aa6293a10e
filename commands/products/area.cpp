#include "commands/products/area.hpp"

#include "commands/areas.hpp"
#include "commands/json.hpp"
#include "commands/products/handlers.hpp"
#include "core/text.hpp"

namespace vitrine::commands {

Claim sku_claim(std::string_view sku) {
    return {std::string(sku_kind.name), as_seen(sku)};
}

Claims claims_of_sku(const ClaimRequest& request) {
    const auto sku = text_member(request.body, "sku");
    return sku ? Claims{sku_claim(*sku)} : Claims();
}

std::span<const Definition> product_commands() {
    static const Definition table[] = {
        {.name = "CreateProduct",
         .method = "POST",
         .route = "/v1/products",
         .entity = product_entity,
         .creates = true,
         .failure_type = "ProductCreationFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "create_product.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = create_product,
         .claims = &sku_kind},
        {.name = "EditProduct",
         .method = "PATCH",
         .route = "/v1/products/{id}",
         .entity = product_entity,
         .failure_type = "ProductEditFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "edit_product.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = edit_product,
         .claims = &sku_kind},
        {.name = "ArchiveProduct",
         .method = "POST",
         .route = "/v1/products/{id}/archive",
         .entity = product_entity,
         .failure_type = "ProductArchiveFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "archive_product.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = archive_product,
         .problems = {"product-in-use"}},
    };
    return table;
}

}  // namespace vitrine::commands
