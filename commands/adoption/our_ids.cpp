#include "commands/adoption/our_ids.hpp"

#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/offers.hpp"
#include "events/products.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t page = 1000;

void note(OurIds& ours, const events::RecordedEvent& recorded) {
    const auto nothing = [](const auto&) {};
    if (const auto offer = events::decode<events::OfferEvent>(recorded)) {
        std::visit(
            overloaded{
                nothing,
                [&](const events::OfferCreated& e) {
                    ours.offers.emplace(e.clubify_offer_id, e.offer_id);
                },
                [&](const events::OfferAdopted& e) {
                    ours.offers.emplace(e.clubify_offer_id, e.offer_id);
                },
            },
            *offer
        );
    } else if (const auto product = events::decode<events::ProductEvent>(recorded)) {
        std::visit(
            overloaded{
                nothing,
                [&](const events::ProductCreated& e) {
                    ours.products.emplace(e.clubify_product_id, e.product_id);
                },
                [&](const events::ProductAdopted& e) {
                    ours.products.emplace(e.clubify_product_id, e.product_id);
                },
            },
            *product
        );
    } else if (const auto customer = events::decode<events::CustomerEvent>(recorded)) {
        const auto is_at = [&](const auto& e) {
            if (e.clubify_customer_id)
                ours.customers.emplace(*e.clubify_customer_id, e.customer_id);
        };
        std::visit(
            overloaded{
                nothing,
                [&](const events::CustomerRegistered& e) { is_at(e); },
                [&](const events::CustomerChanged& e) { is_at(e); },
            },
            *customer
        );
    }
}

}  // namespace

OurIds our_ids(store::EventStore& store, const TenantId& tenant) {
    store::Filter filter;
    filter.tenant = tenant;
    filter.types = {
        "OfferCreated",
        "OfferAdopted",
        "ProductCreated",
        "ProductAdopted",
        "CustomerRegistered",
        "CustomerChanged"
    };
    OurIds ours;
    for (Position from = 1;;) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        for (const auto& event : events) note(ours, event);
        if (events.size() < page) return ours;
        from = events.back().position + 1;
    }
}

}  // namespace vitrine::commands
