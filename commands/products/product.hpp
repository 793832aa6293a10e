#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/rejection.hpp"
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

/// What is absent stays.
struct EditProduct {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::int64_t> price_cents;
    JsonText metadata;
};

/// What decide must know of a product.
struct ProductState {
    Version version = 0;  // 0: there is none
    ProductId id;
    ClubifyId clubify_id;
    CommandId created_by;
    std::string name;
    std::optional<std::string> description;
    std::int64_t price_cents = 0;
    std::string currency;
    JsonText metadata;
};

using ProductEvents = std::vector<events::ProductEvent>;
using ProductDecision = std::expected<ProductEvents, Rejection>;

/// The event lacks clubify_product_id, which the platform gives.
ProductDecision decide(const CreateProduct& command, const ProductId& id);

/// No events: everything is so already.
ProductDecision decide(const EditProduct& command, const ProductState& state);

ProductState evolve(ProductState state, const events::ProductEvent& event);

ProductState load_product(store::EventStore& store, const TenantId& tenant, const ProductId& id);

}  // namespace vitrine::commands
