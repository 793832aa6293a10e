#include "commands/products/product.hpp"

#include "commands/load.hpp"
#include "core/overloaded.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {

ProductDecision decide(const CreateProduct& command, const ProductId& id) {
    events::ProductCreated created;
    created.product_id = id;
    created.name = command.name;
    created.type = command.type;
    created.description = command.description;
    created.price_cents = command.price_cents;
    created.currency = command.currency;
    created.sku = command.sku;
    created.metadata = command.metadata;
    return ProductEvents{created};
}

ProductDecision decide(const EditProduct& command, const ProductState& state) {
    if (state.version == 0)
        return std::unexpected(Rejection{
            Rejection::Kind::not_found,
            {"There is no such product.", "Este produto não existe."},
            {}
        });
    ProductEvents events;
    events::ProductEdited edited{state.id, {}, {}, {}};
    if (command.name && *command.name != state.name) edited.name = command.name;
    if (command.description && command.description != state.description)
        edited.description = command.description;
    if (!command.metadata.empty() && command.metadata != state.metadata)
        edited.metadata = command.metadata;
    if (edited.name || edited.description || !edited.metadata.empty()) events.emplace_back(edited);
    if (command.price_cents && *command.price_cents != state.price_cents) {
        events.emplace_back(
            events::ProductPriceChanged{state.id, *command.price_cents, state.currency}
        );
    }
    return events;
}

namespace {

void begin(ProductState& state, const events::ProductCreated& event) {
    state.id = event.product_id;
    state.clubify_id = event.clubify_product_id;
    state.name = event.name;
    state.description = event.description;
    state.price_cents = event.price_cents;
    state.currency = event.currency;
    state.metadata = event.metadata;
}

}  // namespace

ProductState evolve(ProductState state, const events::ProductEvent& event) {
    std::visit(
        overloaded{
            [&](const events::ProductCreated& e) { begin(state, e); },
            [&](const events::ProductAdopted& e) { begin(state, e); },
            [&](const events::ProductEdited& e) {
                if (e.name) state.name = *e.name;
                if (e.description) state.description = e.description;
                if (!e.metadata.empty()) state.metadata = e.metadata;
            },
            [&](const events::ProductPriceChanged& e) { state.price_cents = e.price_cents; },
        },
        event
    );
    ++state.version;
    return state;
}

namespace {

events::ProductEvent at_once(const ProductState& state) {
    events::ProductAdopted event;
    event.product_id = state.id;
    event.clubify_product_id = state.clubify_id;
    event.name = state.name;
    event.description = state.description;
    event.price_cents = state.price_cents;
    event.currency = state.currency;
    event.metadata = state.metadata;
    return event;
}

/// The version is raised when evolve or the state changes.
constexpr Fold<ProductState, events::ProductEvent> fold{
    {"product", 1}, events::decode<events::ProductEvent>, evolve, at_once
};

}  // namespace

ProductState load_product(store::EventStore& store, const TenantId& tenant, const ProductId& id) {
    return load_state(store, tenant, events::stream_of(id), fold);
}

}  // namespace vitrine::commands
