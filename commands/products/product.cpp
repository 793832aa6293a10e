#include "commands/products/product.hpp"

#include <map>

#include "commands/engine/load.hpp"
#include "commands/offers/lines.hpp"
#include "commands/products/uses.hpp"
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

namespace {

std::unexpected<Rejection> no_such_product() {
    return std::unexpected(
        Rejection{"not-found", {"There is no such product.", "Este produto não existe."}, {}}
    );
}

std::unexpected<Rejection> is_archived(const Term& wish) {
    return std::unexpected(Rejection{
        "illegal-transition",
        phrase(
            "The product is archived, so it cannot be {}.",
            "O produto está arquivado, por isso não pode ser {}.",
            wish
        ),
        {}
    });
}

/// What a price makes of the offers that take it over.
std::vector<Fault> faults_of_price(std::int64_t cents, const ProductUses& uses) {
    std::map<std::string, std::pair<Fault, ProductUses>> of_code;
    for (const auto& use : uses) {
        if (use.line.price_cents) continue;
        for (auto& fault : faults_of_amounts(use.line, cents)) {
            auto& [first, offers] = of_code[fault.code];
            if (offers.empty()) first = std::move(fault);
            offers.push_back(use);
        }
    }
    std::vector<Fault> faults;
    for (const auto& [code, found] : of_code) {
        const auto& [first, offers] = found;
        faults.push_back(
            {"/price_cents",
             code,
             phrase(
                 "in the offers {}: {}", "nas ofertas {}: {}", spell_offers(offers), first.detail
             )}
        );
    }
    return faults;
}

}  // namespace

ProductDecision decide(
    const EditProduct& command, const ProductState& state, const ProductUses& uses
) {
    if (state.version == 0) return no_such_product();
    if (state.archived) return is_archived({"edited", "editado"});
    ProductEvents events;
    events::ProductEdited edited;
    edited.product_id = state.id;
    if (command.name && *command.name != state.name) edited.name = command.name;
    if (command.description.after(state.description) != state.description)
        edited.description = command.description;
    if (command.sku.after(state.sku) != state.sku) edited.sku = command.sku;
    if (after_edit(state.metadata, command.metadata) != state.metadata)
        edited.metadata = command.metadata;
    const bool is_edited =
        edited.name || edited.description.given() || edited.sku.given() || !edited.metadata.empty();
    if (is_edited) events.emplace_back(std::move(edited));
    if (command.price_cents && command.price_cents != state.price_cents) {
        if (auto faults = faults_of_price(*command.price_cents, uses); !faults.empty())
            return std::unexpected(invalid(std::move(faults)));
        events.emplace_back(
            events::ProductPriceChanged{state.id, *command.price_cents, state.currency}
        );
    }
    return events;
}

ProductDecision decide(
    const ArchiveProduct& command, const ProductState& state, const ProductUses& uses
) {
    if (state.version == 0) return no_such_product();
    if (state.archived) return is_archived({"archived", "arquivado"});
    auto selling = uses;
    std::erase_if(selling, [](const ProductUse& use) { return use.status != OfferStatus::active; });
    if (!selling.empty()) {
        return std::unexpected(Rejection{
            "product-in-use",
            phrase(
                "Active offers have the product: {}.",
                "Ofertas ativas têm o produto: {}.",
                spell_offers(selling)
            ),
            {}
        });
    }
    return ProductEvents{events::ProductArchived{state.id, command.reason}};
}

namespace {

void begin(ProductState& state, const events::ProductCreated& event) {
    state.id = event.product_id;
    state.clubify_id = event.clubify_product_id;
    state.name = event.name;
    state.description = event.description;
    state.price_cents = event.price_cents;
    state.currency = event.currency;
    state.sku = event.sku;
    state.metadata = event.metadata;
}

}  // namespace

ProductState evolve(ProductState state, const events::ProductEvent& event) {
    std::visit(
        overloaded{
            [&](const events::ProductCreated& e) { begin(state, e); },
            [&](const events::ProductAdopted& e) {
                begin(state, e);
                state.archived = e.status == "archived";
            },
            [&](const events::ProductEdited& e) {
                if (e.name) state.name = *e.name;
                state.description = e.description.after(state.description);
                state.sku = e.sku.after(state.sku);
                state.metadata = after_edit(state.metadata, e.metadata);
            },
            [&](const events::ProductArchived&) { state.archived = true; },
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
    event.sku = state.sku;
    event.metadata = state.metadata;
    if (state.archived) event.status = "archived";
    return event;
}

/// The version is raised when evolve or the state changes.
constexpr Fold<ProductState, events::ProductEvent> fold{
    {"product", 3}, events::decode<events::ProductEvent>, evolve, at_once
};

}  // namespace

ProductState load_product(store::EventStore& store, const TenantId& tenant, const ProductId& id) {
    return load_state(store, tenant, events::stream_of(id), fold);
}

}  // namespace vitrine::commands
