#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "commands/offers/offer.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/products.hpp"
#include "store/event_store.hpp"

// The write model of one product. Pure but for load.
namespace vitrine::commands {

struct CreateProduct {
    std::string name;
    std::string type = "digital";
    std::optional<std::string> description;
    std::int64_t price_cents = 0;
    std::string currency = "BRL";
    std::optional<std::string> sku;
    JsonText metadata;
};

/// What is absent stays; null takes away.
struct EditProduct {
    std::optional<std::string> name;
    Edited<std::string> description;
    std::optional<std::int64_t> price_cents;
    JsonText metadata;
    Edited<std::string> sku;
};

struct ArchiveProduct {
    std::optional<std::string> reason;
};

/// What decide must know of a product.
struct ProductState {
    Version version = 0;  // 0: there is none
    ProductId id;
    ClubifyId clubify_id;
    CommandId created_by;
    std::string name;
    std::optional<std::string> description;
    std::optional<std::int64_t> price_cents;  // absent: the platform told none
    std::string currency;
    std::optional<std::string> sku;
    JsonText metadata;
    bool archived = false;
};

/// An offer that is not archived and has the product, and how it has it.
struct ProductUse {
    OfferId offer;
    std::string name;
    OfferStatus status = OfferStatus::draft;
    events::OfferProduct line;
};
using ProductUses = std::vector<ProductUse>;

using ProductEvents = std::vector<events::ProductEvent>;
using ProductDecision = std::expected<ProductEvents, Rejection>;

/// The event lacks clubify_product_id, which the platform gives.
ProductDecision decide(const CreateProduct& command, const ProductId& id);

/// No events: everything is so already. `uses`: the offers that have it.
ProductDecision decide(
    const EditProduct& command, const ProductState& state, const ProductUses& uses
);

ProductDecision decide(
    const ArchiveProduct& command, const ProductState& state, const ProductUses& uses
);

ProductState evolve(ProductState state, const events::ProductEvent& event);

ProductState load_product(store::EventStore& store, const TenantId& tenant, const ProductId& id);

}  // namespace vitrine::commands
