// The products of an offer: add, change, remove.
#include "commands/engine/handler.hpp"
#include "commands/offers/handlers.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/loaded.hpp"
#include "commands/offers/wire.hpp"

namespace vitrine::commands {
namespace {

/// The product of the path, by our id or the platform's, and what the body names.
KnownProducts named_products(const Preparation& from, OfferProductInput input) {
    OfferProductInput ours, theirs;
    ours.product_id.emplace(from.item_id);
    theirs.clubify_product_id.emplace(from.item_id);
    return known_products(from, {std::move(ours), std::move(theirs), std::move(input)});
}

/// What the three have in common.
struct OfferProductHandling {
    static JsonText
    answer(const auto& /*command*/, const OfferAndProducts& known, const Preparation&) {
        return status_answer(status_name(known.offer.status));
    }

    static OfferDecision
    decide(const auto& command, const OfferAndProducts& known, const Preparation&) {
        return commands::decide(command, known.offer, known.products);
    }

    static OfferAndProducts loaded(const Preparation& from, KnownProducts products) {
        return {offer_of(from), std::move(products)};
    }

    static void carry(
        Plan& plan,
        const OfferState& offer,
        clubify::Call call,
        clubify::Settle settle,
        const ClubifyId& product
    ) {
        carried_by(
            plan,
            "product",
            clubify::effect(std::move(call), settle, offer.clubify_id.str(), product.str())
        );
    }
};

struct AddProductHandling : OfferProductHandling {
    static AddProductToOffer parse(const Preparation& from) {
        return {offer_product_from(from.body)};
    }

    static std::vector<StreamName> relies_on(const Preparation& from) {
        return streams_of(known_products(from, {parse(from).product}));
    }

    static OfferAndProducts load(const Preparation& from, const AddProductToOffer& command) {
        return loaded(from, known_products(from, {command.product}));
    }

    static void
    effects(Plan& plan, const AddProductToOffer&, const OfferAndProducts& known, const OfferEvents& events, const Preparation&) {
        const auto& line = std::get<events::ProductAddedToOffer>(events.front()).product;
        carry(
            plan,
            known.offer,
            clubify::add_product(known.offer.clubify_id, to_wire(line)),
            clubify::Settle::offer_has_product,
            line.clubify_product_id
        );
    }
};

struct ChangeProductHandling : OfferProductHandling {
    static ChangeProductInOffer parse(const Preparation& from) {
        return {from.item_id, offer_product_from(from.body)};
    }

    /// What a line costs must stay above its discount, and below what is too much.
    static std::vector<StreamName> relies_on(const Preparation& from) {
        return streams_of(named_products(from, {}));
    }

    static OfferAndProducts load(const Preparation& from, const ChangeProductInOffer& command) {
        return loaded(from, named_products(from, command.change));
    }

    static void
    effects(Plan& plan, const ChangeProductInOffer&, const OfferAndProducts& known, const OfferEvents& events, const Preparation&) {
        const auto& line = std::get<events::ProductInOfferChanged>(events.front()).product;
        carry(
            plan,
            known.offer,
            clubify::change_product(known.offer.clubify_id, to_wire(line)),
            clubify::Settle::offer_product_as_sent,
            line.clubify_product_id
        );
    }
};

struct RemoveProductHandling : OfferProductHandling {
    static RemoveProductFromOffer parse(const Preparation& from) { return {from.item_id}; }

    static OfferAndProducts load(const Preparation& from, const RemoveProductFromOffer&) {
        return loaded(from, named_products(from, {}));
    }

    static void
    effects(Plan& plan, const RemoveProductFromOffer&, const OfferAndProducts& known, const OfferEvents& events, const Preparation&) {
        const auto& removed = std::get<events::ProductRemovedFromOffer>(events.front());
        carry(
            plan,
            known.offer,
            clubify::remove_product(known.offer.clubify_id, removed.clubify_product_id),
            clubify::Settle::offer_lacks_product,
            removed.clubify_product_id
        );
    }
};

}  // namespace

constinit const Handler add_product_to_offer = handled_by<AddProductHandling>;
constinit const Handler change_product_in_offer = handled_by<ChangeProductHandling>;
constinit const Handler remove_product_from_offer = handled_by<RemoveProductHandling>;

}  // namespace vitrine::commands
