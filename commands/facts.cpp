#include "commands/facts.hpp"

#include <algorithm>
#include <functional>

#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/offers.hpp"
#include "events/products.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t events_at_once = 1000;

/// Until `look` has seen enough. An event that cannot be read tells nothing.
void look_through(
    store::EventStore& store,
    const TenantId& tenant,
    Position after,
    std::vector<std::string> types,
    const std::function<bool(const events::RecordedEvent&)>& look
) {
    store::Filter filter;
    filter.tenant = tenant;
    filter.types = std::move(types);
    while (true) {
        const auto found =
            store.read_all(after + 1, filter, events_at_once, store::Direction::forwards);
        const auto tells = [&look](const events::RecordedEvent& event) {
            try {
                return look(event);
            } catch (const events::UnreadableEvent&) {
                return false;
            }
        };
        if (std::ranges::any_of(found, tells) || found.size() < events_at_once) return;
        after = found.back().position;
    }
}

bool has(const events::OfferCreated& offer, const ClubifyId& product) {
    const auto line =
        std::ranges::find(offer.products, product, &events::OfferProduct::clubify_product_id);
    return line != offer.products.end();
}

bool puts_in(const events::OfferEvent& event, const ClubifyId& product) {
    return std::visit(
        overloaded{
            [&](const events::OfferCreated& e) { return has(e, product); },
            [&](const events::OfferAdopted& e) { return has(e, product); },
            [&](const events::ProductAddedToOffer& e) {
                return e.product.clubify_product_id == product;
            },
            [](const auto&) { return false; },
        },
        event
    );
}

class FactsOfLog : public Facts {
public:
    explicit FactsOfLog(store::EventStore& store) : store_(store) {}

    std::optional<ProductId> product_of(const TenantId& tenant, const ClubifyId& id)
        const override {
        return product_in_log(store_, tenant, id, 0);
    }
    std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product)
        const override {
        return offers_in_log(store_, tenant, product, 0);
    }

private:
    store::EventStore& store_;
};

}  // namespace

std::unique_ptr<const Facts> facts_of_log(store::EventStore& store) {
    return std::make_unique<FactsOfLog>(store);
}

std::optional<ProductId> product_in_log(
    store::EventStore& store, const TenantId& tenant, const ClubifyId& id, Position after
) {
    std::optional<ProductId> product;
    const auto look = [&](const events::RecordedEvent& recorded) {
        const auto event = events::decode<events::ProductEvent>(recorded);
        const auto* created = std::get_if<events::ProductCreated>(&*event);
        const auto* adopted = std::get_if<events::ProductAdopted>(&*event);
        const events::ProductCreated& begun = created != nullptr ? *created : *adopted;
        if (begun.clubify_product_id == id) product = begun.product_id;
        return product.has_value();
    };
    look_through(store, tenant, after, {"ProductCreated", "ProductAdopted"}, look);
    return product;
}

std::vector<OfferId> offers_in_log(
    store::EventStore& store, const TenantId& tenant, const ClubifyId& product, Position after
) {
    std::vector<OfferId> offers;
    const auto look = [&](const events::RecordedEvent& recorded) {
        const OfferId offer{std::string(events::id_of(recorded.stream))};
        const auto event = events::decode<events::OfferEvent>(recorded);
        if (puts_in(*event, product) && std::ranges::find(offers, offer) == offers.end())
            offers.push_back(offer);
        return false;
    };
    look_through(
        store, tenant, after, {"OfferCreated", "OfferAdopted", "ProductAddedToOffer"}, look
    );
    return offers;
}

}  // namespace vitrine::commands
