#include "commands/adoption/our_ids.hpp"

#include <functional>

#include "core/overloaded.hpp"
#include "events/checkouts.hpp"
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

void each_of_types(
    store::EventStore& store,
    const TenantId& tenant,
    std::vector<std::string> types,
    const std::function<void(const events::RecordedEvent&)>& take
) {
    store::Filter filter;
    filter.tenant = tenant;
    filter.types = std::move(types);
    for (Position from = 1;;) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        for (const auto& event : events) take(event);
        if (events.size() < page) return;
        from = events.back().position + 1;
    }
}

}  // namespace

OurIds our_ids(store::EventStore& store, const TenantId& tenant) {
    OurIds ours;
    each_of_types(
        store,
        tenant,
        {"OfferCreated",
         "OfferAdopted",
         "ProductCreated",
         "ProductAdopted",
         "CustomerRegistered",
         "CustomerChanged"},
        [&ours](const events::RecordedEvent& event) { note(ours, event); }
    );
    return ours;
}

std::map<std::string, OurOrder> our_orders(store::EventStore& store, const TenantId& tenant) {
    std::vector<std::string> types{
        std::string(events::OrderRecorded::event_type),
        std::string(events::CheckoutCompleted::event_type)
    };
    for (const auto& [name, category] : events::ClubifyOrderEvent::event_types) {
        if (category == events::category_of_events<events::OrderRecorded>) types.emplace_back(name);
    }
    std::map<std::string, OurOrder> orders;
    each_of_types(store, tenant, std::move(types), [&](const events::RecordedEvent& event) {
        if (const auto completed = events::decode<events::CheckoutCompleted>(event)) {
            orders.try_emplace(completed->clubify_order_id.str());
            return;
        }
        const std::string id(events::id_of(event.stream));
        if (event.type != events::OrderRecorded::event_type) {
            orders[id].adopted.reset();
        } else if (auto told = events::decode<events::OrderRecorded>(event);
                   told && told->told_by == adoption_teller) {
            orders[id].adopted = *std::move(told);
        }
    });
    return orders;
}

}  // namespace vitrine::commands
