#include "commands/offers/area.hpp"

#include "commands/areas.hpp"
#include "commands/offers/handlers.hpp"

namespace vitrine::commands {

std::span<const Definition> offer_commands() {
    static const Definition table[] = {
        {.name = "CreateOffer",
         .method = "POST",
         .route = "/v1/offers",
         .entity = offer_entity,
         .creates = true,
         .failure_type = "OfferCreationFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "create_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = create_offer,
         .claims = &slug_kind},
        {.name = "EditOffer",
         .method = "PATCH",
         .route = "/v1/offers/{id}",
         .entity = offer_entity,
         .failure_type = "OfferEditFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "edit_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = edit_offer},
        {.name = "ActivateOffer",
         .method = "POST",
         .route = "/v1/offers/{id}/activate",
         .entity = offer_entity,
         .failure_type = "OfferActivationFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "activate_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = activate_offer},
        {.name = "PauseOffer",
         .method = "POST",
         .route = "/v1/offers/{id}/pause",
         .entity = offer_entity,
         .failure_type = "OfferPauseFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "pause_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = pause_offer},
        {.name = "ArchiveOffer",
         .method = "POST",
         .route = "/v1/offers/{id}/archive",
         .entity = offer_entity,
         .failure_type = "OfferArchiveFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "archive_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = archive_offer},
        {.name = "AddProductToOffer",
         .method = "POST",
         .route = "/v1/offers/{id}/products",
         .entity = offer_entity,
         .failure_type = "ProductInOfferAddFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "add_product_to_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = add_product_to_offer,
         .problems = {"product-already-in-offer"}},
        {.name = "ChangeProductInOffer",
         .method = "PUT",
         .route = "/v1/offers/{id}/products/{product_id}",
         .entity = offer_entity,
         .failure_type = "ProductInOfferChangeFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "change_product_in_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = change_product_in_offer},
        {.name = "RemoveProductFromOffer",
         .method = "DELETE",
         .route = "/v1/offers/{id}/products/{product_id}",
         .entity = offer_entity,
         .failure_type = "ProductInOfferRemoveFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "remove_product_from_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = remove_product_from_offer},
    };
    return table;
}

}  // namespace vitrine::commands
