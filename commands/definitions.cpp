#include "commands/definitions.hpp"

#include <algorithm>

#include "commands/offers/prepare.hpp"
#include "commands/products/prepare.hpp"

namespace vitrine::commands {
namespace {

constexpr char create_product_schema[] = {
#embed "products/create_product.schema.json"
    , 0
};
constexpr char edit_product_schema[] = {
#embed "products/edit_product.schema.json"
    , 0
};
constexpr char archive_product_schema[] = {
#embed "products/archive_product.schema.json"
    , 0
};
constexpr char create_offer_schema[] = {
#embed "offers/create_offer.schema.json"
    , 0
};
constexpr char edit_offer_schema[] = {
#embed "offers/edit_offer.schema.json"
    , 0
};
constexpr char activate_offer_schema[] = {
#embed "offers/activate_offer.schema.json"
    , 0
};
constexpr char pause_offer_schema[] = {
#embed "offers/pause_offer.schema.json"
    , 0
};
constexpr char archive_offer_schema[] = {
#embed "offers/archive_offer.schema.json"
    , 0
};
constexpr char add_product_schema[] = {
#embed "offers/add_product_to_offer.schema.json"
    , 0
};
constexpr char change_product_schema[] = {
#embed "offers/change_product_in_offer.schema.json"
    , 0
};
constexpr char remove_product_schema[] = {
#embed "offers/remove_product_from_offer.schema.json"
    , 0
};

constexpr Definition table[] = {
    {"CreateProduct",
     "POST",
     "/v1/products",
     "product",
     true,
     "ProductCreationFailed",
     create_product_schema,
     prepare_create_product,
     nullptr,
     claims_of_create_product},
    {"EditProduct",
     "PATCH",
     "/v1/products/{id}",
     "product",
     false,
     "ProductEditFailed",
     edit_product_schema,
     prepare_edit_product,
     check_edit_product,
     claims_of_edit_product},
    {"ArchiveProduct",
     "POST",
     "/v1/products/{id}/archive",
     "product",
     false,
     "ProductArchiveFailed",
     archive_product_schema,
     prepare_archive_product},
    {"CreateOffer",
     "POST",
     "/v1/offers",
     "offer",
     true,
     "OfferCreationFailed",
     create_offer_schema,
     prepare_create_offer,
     check_create_offer,
     claims_of_create_offer},
    {"EditOffer",
     "PATCH",
     "/v1/offers/{id}",
     "offer",
     false,
     "OfferEditFailed",
     edit_offer_schema,
     prepare_edit_offer},
    {"ActivateOffer",
     "POST",
     "/v1/offers/{id}/activate",
     "offer",
     false,
     "OfferActivationFailed",
     activate_offer_schema,
     prepare_activate_offer,
     check_activate_offer},
    {"PauseOffer",
     "POST",
     "/v1/offers/{id}/pause",
     "offer",
     false,
     "OfferPauseFailed",
     pause_offer_schema,
     prepare_pause_offer},
    {"ArchiveOffer",
     "POST",
     "/v1/offers/{id}/archive",
     "offer",
     false,
     "OfferArchiveFailed",
     archive_offer_schema,
     prepare_archive_offer},
    {"AddProductToOffer",
     "POST",
     "/v1/offers/{id}/products",
     "offer",
     false,
     "ProductInOfferAddFailed",
     add_product_schema,
     prepare_add_product_to_offer,
     check_add_product_to_offer},
    {"ChangeProductInOffer",
     "PUT",
     "/v1/offers/{id}/products/{product_id}",
     "offer",
     false,
     "ProductInOfferChangeFailed",
     change_product_schema,
     prepare_change_product_in_offer,
     check_change_product_in_offer},
    {"RemoveProductFromOffer",
     "DELETE",
     "/v1/offers/{id}/products/{product_id}",
     "offer",
     false,
     "ProductInOfferRemoveFailed",
     remove_product_schema,
     prepare_remove_product_from_offer},
};

}  // namespace

std::span<const Definition> definitions() {
    return table;
}

const Definition* find_definition(std::string_view name) {
    const auto* found = std::ranges::find(table, name, &Definition::name);
    return found == std::end(table) ? nullptr : found;
}

}  // namespace vitrine::commands
