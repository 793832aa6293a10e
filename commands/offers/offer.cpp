#include "commands/offers/offer.hpp"

#include <algorithm>
#include <stdexcept>

#include "commands/engine/load.hpp"
#include "core/overloaded.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {
namespace {

using events::OfferProduct;

/// Each section that is given replaces the former one, or takes it away.
void replace_sections(events::Configuration& into, const events::Configuration& from) {
    for (const auto section : {
             &events::Configuration::settings,
             &events::Configuration::theme,
             &events::Configuration::layout,
             &events::Configuration::seo,
             &events::Configuration::tracking,
         }) {
        into.*section = after_edit(into.*section, from.*section);
    }
}

void begin(OfferState& state, const events::OfferCreated& event) {
    state.id = event.offer_id;
    state.clubify_id = event.clubify_offer_id;
    state.name = event.name;
    state.slug = event.slug;
    state.type = event.type;
    state.currency = event.currency;
    state.description = event.description;
    state.configuration = event.configuration;
    state.metadata = event.metadata;
    state.products = event.products;
}

OfferStatus parse_status(std::string_view name) {
    using enum OfferStatus;
    for (const auto status : {draft, active, paused, archived}) {
        if (status_name(status) == name) return status;
    }
    throw std::runtime_error("an offer's event has the unknown status " + std::string(name));
}

}  // namespace

std::string_view status_name(OfferStatus status) {
    switch (status) {
        case OfferStatus::draft:
            return "draft";
        case OfferStatus::active:
            return "active";
        case OfferStatus::paused:
            return "paused";
        case OfferStatus::archived:
            return "archived";
    }
    return {};
}

OfferState evolve(OfferState state, const events::OfferEvent& event) {
    const auto line = [&state](const ClubifyId& id) {
        return std::ranges::find(state.products, id, &OfferProduct::clubify_product_id);
    };
    std::visit(
        overloaded{
            [&](const events::OfferCreated& e) { begin(state, e); },
            [&](const events::OfferAdopted& e) {
                begin(state, e);
                state.status = parse_status(e.status);
            },
            [&](const events::OfferEdited& e) {
                if (e.name) state.name = *e.name;
                state.description = e.description.after(state.description);
                replace_sections(state.configuration, e.configuration);
                state.metadata = after_edit(state.metadata, e.metadata);
            },
            [&](const events::OfferActivated&) { state.status = OfferStatus::active; },
            [&](const events::OfferPaused&) { state.status = OfferStatus::paused; },
            [&](const events::OfferArchived&) { state.status = OfferStatus::archived; },
            [&](const events::ProductAddedToOffer& e) { state.products.push_back(e.product); },
            [&](const events::ProductInOfferChanged& e) {
                if (const auto found = line(e.product.clubify_product_id);
                    found != state.products.end()) {
                    *found = e.product;
                }
            },
            [&](const events::ProductRemovedFromOffer& e) {
                if (const auto found = line(e.clubify_product_id); found != state.products.end()) {
                    state.products.erase(found);
                }
            },
        },
        event
    );
    ++state.version;
    return state;
}

namespace {

events::OfferEvent at_once(const OfferState& state) {
    events::OfferAdopted event;
    event.offer_id = state.id;
    event.clubify_offer_id = state.clubify_id;
    event.name = state.name;
    event.slug = state.slug;
    event.type = state.type;
    event.currency = state.currency;
    event.description = state.description;
    event.products = state.products;
    event.configuration = state.configuration;
    event.metadata = state.metadata;
    event.status = status_name(state.status);
    return event;
}

/// The version is raised when evolve or the state changes.
constexpr Fold<OfferState, events::OfferEvent> fold{
    {"offer", 2}, events::decode<events::OfferEvent>, evolve, at_once
};

}  // namespace

OfferState load_offer(store::EventStore& store, const TenantId& tenant, const OfferId& id) {
    return load_state(store, tenant, events::stream_of(id), fold);
}

}  // namespace vitrine::commands
