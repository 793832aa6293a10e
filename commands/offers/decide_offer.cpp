// Creating, editing, and an offer's way through its states.
#include "commands/offers/lines.hpp"
#include "commands/offers/offer.hpp"
#include "events/offer_type.hpp"

namespace vitrine::commands {
namespace {

Term status_words(OfferStatus status) {
    switch (status) {
        case OfferStatus::draft:
            return {"draft", "em rascunho"};
        case OfferStatus::active:
            return {"active", "ativa"};
        case OfferStatus::paused:
            return {"paused", "pausada"};
        case OfferStatus::archived:
            return {"archived", "arquivada"};
    }
    return {};
}

std::unexpected<Rejection> no_such_offer() {
    return std::unexpected(
        Rejection{"not-found", {"There is no such offer.", "Não existe esta oferta."}, {}}
    );
}

std::unexpected<Rejection> not_from(const OfferState& state, const Term& wish) {
    return std::unexpected(Rejection{
        "illegal-transition",
        phrase(
            "The offer is {}, so it cannot be {}.",
            "A oferta está {}, por isso não pode ser {}.",
            status_words(state.status),
            wish
        ),
        {}
    });
}

Fault no_product() {
    return {
        "/products",
        "no_products",
        {"an offer needs a product before it can be activated",
         "uma oferta precisa de um produto para ser ativada"}
    };
}

/// Why the offer cannot be sold with the products that it has, as far as they are known: the line
/// was put in before the product was archived, or adopted.
std::vector<Fault> faults_of_lines(const OfferState& state, const KnownProducts& known) {
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < state.products.size(); ++i) {
        const auto& line = state.products[i];
        const auto pointer = "/products/" + std::to_string(i);
        const auto* product = find_product(known, line.clubify_product_id);
        if (product != nullptr && product->archived) {
            faults.push_back(
                {pointer,
                 "archived_product",
                 phrase(
                     "\"{}\" is archived: take it out of the offer first",
                     "\"{}\" está arquivado: retire-o antes da oferta",
                     product->name
                 )}
            );
        }
        if (product != nullptr) check_currency(*product, state.currency, pointer, faults);
        const auto price = product == nullptr ? std::nullopt : product->price_cents;
        for (auto& fault : faults_of_amounts(line, price)) {
            fault.pointer = pointer + fault.pointer;
            faults.push_back(std::move(fault));
        }
    }
    return faults;
}

}  // namespace

OfferDecision decide(
    const CreateOffer& command,
    const OfferId& id,
    const std::string& slug,
    const KnownProducts& known
) {
    events::OfferCreated created;
    created.offer_id = id;
    created.name = command.name;
    created.slug = slug;
    created.type = events::canonical_offer_type(command.type);
    created.description = command.description;
    created.currency = command.currency;
    created.configuration = command.configuration;
    created.metadata = command.metadata;
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < command.products.size(); ++i) {
        const auto pointer = "/products/" + std::to_string(i);
        if (auto line = new_line(
                command.products[i], created.products, command.currency, known, pointer, faults
            )) {
            created.products.push_back(std::move(*line));
        }
    }
    if (command.activate && command.products.empty()) faults.push_back(no_product());
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    OfferEvents events{std::move(created)};
    if (command.activate) events.emplace_back(events::OfferActivated{id, {}});
    return events;
}

OfferDecision decide(const EditOffer& command, const OfferState& state) {
    if (state.version == 0) return no_such_offer();
    if (state.status == OfferStatus::archived) return not_from(state, {"edited", "editada"});
    events::OfferEdited edited{state.id, {}, {}, {}, {}};
    if (command.name && *command.name != state.name) edited.name = command.name;
    if (command.description.after(state.description) != state.description)
        edited.description = command.description;
    for (const auto section : {
             &events::Configuration::settings,
             &events::Configuration::theme,
             &events::Configuration::layout,
             &events::Configuration::seo,
             &events::Configuration::tracking,
         }) {
        const auto& before = state.configuration.*section;
        const auto& wanted = command.configuration.*section;
        if (after_edit(before, wanted) != before) edited.configuration.*section = wanted;
    }
    if (after_edit(state.metadata, command.metadata) != state.metadata)
        edited.metadata = command.metadata;
    if (edited == events::OfferEdited{state.id, {}, {}, {}, {}}) return OfferEvents{};
    return OfferEvents{std::move(edited)};
}

OfferDecision decide(
    const ActivateOffer& command, const OfferState& state, const KnownProducts& known
) {
    if (state.version == 0) return no_such_offer();
    if (state.status != OfferStatus::draft && state.status != OfferStatus::paused)
        return not_from(state, {"activated", "ativada"});
    if (state.products.empty()) return std::unexpected(invalid({no_product()}));
    if (auto faults = faults_of_lines(state, known); !faults.empty())
        return std::unexpected(invalid(std::move(faults)));
    return OfferEvents{events::OfferActivated{state.id, command.reason}};
}

OfferDecision decide(const PauseOffer& command, const OfferState& state) {
    if (state.version == 0) return no_such_offer();
    if (state.status != OfferStatus::active) return not_from(state, {"paused", "pausada"});
    return OfferEvents{events::OfferPaused{state.id, command.reason}};
}

OfferDecision decide(const ArchiveOffer& command, const OfferState& state) {
    if (state.version == 0) return no_such_offer();
    if (state.status == OfferStatus::archived) return not_from(state, {"archived", "arquivada"});
    return OfferEvents{events::OfferArchived{state.id, command.reason}};
}

OfferDecision decide(
    const AddProductToOffer& command, const OfferState& state, const KnownProducts& known
) {
    if (state.version == 0) return no_such_offer();
    if (state.status == OfferStatus::archived) return not_from(state, {"changed", "alterada"});
    std::vector<Fault> faults;
    auto line = new_line(command.product, state.products, state.currency, known, "", faults);
    if (faults.size() == 1 && faults.front().code == "duplicate") {
        return std::unexpected(Rejection{
            "product-already-in-offer",
            {"The product is in the offer already.", "O produto já está na oferta."},
            {}
        });
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    return OfferEvents{events::ProductAddedToOffer{state.id, std::move(*line)}};
}

OfferDecision decide(
    const ChangeProductInOffer& command, const OfferState& state, const KnownProducts& known
) {
    if (state.version == 0) return no_such_offer();
    if (state.status == OfferStatus::archived) return not_from(state, {"changed", "alterada"});
    const auto* line = find_line(state.products, command.product, known);
    if (line == nullptr) return no_such_line();
    std::vector<Fault> faults;
    check_same_product(*line, command.change, known, faults);
    const auto* product = find_product(known, line->clubify_product_id);
    if (product != nullptr && product->archived && state.status == OfferStatus::active) {
        return std::unexpected(Rejection{
            "illegal-transition",
            {"The product is archived: it can only be taken out of an active offer.",
             "O produto está arquivado: de uma oferta ativa ele só pode ser retirado."},
            {}
        });
    }
    const auto changed = changed_line(*line, command.change, product, "", faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (changed == *line) return OfferEvents{};
    return OfferEvents{events::ProductInOfferChanged{state.id, changed}};
}

OfferDecision decide(
    const RemoveProductFromOffer& command, const OfferState& state, const KnownProducts& known
) {
    if (state.version == 0) return no_such_offer();
    if (state.status == OfferStatus::archived) return not_from(state, {"changed", "alterada"});
    const auto* line = find_line(state.products, command.product, known);
    if (line == nullptr) return no_such_line();
    if (state.status == OfferStatus::active && state.products.size() == 1) {
        return std::unexpected(Rejection{
            "illegal-transition",
            {"The offer is active and has no other product: pause it first, or add another.",
             "A oferta está ativa e não tem outro produto: pause-a antes, ou inclua outro."},
            {}
        });
    }
    return OfferEvents{
        events::ProductRemovedFromOffer{state.id, line->product_id, line->clubify_product_id}
    };
}

}  // namespace vitrine::commands
