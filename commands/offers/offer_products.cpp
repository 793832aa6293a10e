// The products of an offer: add, change, remove.
#include "commands/offers/input.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/prepare.hpp"
#include "commands/offers/wire.hpp"
#include "commands/planned.hpp"

namespace vitrine::commands {
namespace {

Plan plan_of(const OfferState& state, const OfferEvents& events) {
    auto plan = plan_for("offer", state.id.str(), events::stream_of(state.id), state.version);
    plan.answer = status_answer(status_name(state.status));
    plan.events = planned(events, "product");
    return plan;
}

Step step_of(
    const OfferState& state,
    clubify::Call call,
    Settle settle,
    const ClubifyId& product,
    const char* failure_type
) {
    return {
        "product",
        std::move(call),
        settle,
        state.clubify_id.str(),
        product.str(),
        OnRefusal::fail,
        failure_type
    };
}

OfferState state_of(const Preparation& from) {
    return load_offer(from.store, from.tenant, OfferId(from.entity_id));
}

/// The product of the path, by our id or the platform's, and what the body names.
KnownProducts named_products(const Preparation& from, OfferProductInput input) {
    OfferProductInput ours, theirs;
    ours.product_id.emplace(from.product_id);
    theirs.clubify_product_id.emplace(from.product_id);
    return known_products(from, {std::move(ours), std::move(theirs), std::move(input)});
}

OfferDecision decide_add(const Preparation& from, const OfferState& state) {
    const AddProductToOffer command{offer_product_from(from.body)};
    return decide(command, state, known_products(from, {command.product}));
}

OfferDecision decide_change(const Preparation& from, const OfferState& state) {
    const ChangeProductInOffer command{from.product_id, offer_product_from(from.body)};
    return decide(command, state, named_products(from, command.change));
}

}  // namespace

std::vector<Fault> check_add_product_to_offer(const Preparation& from) {
    return faults_in(decide_add(from, state_of(from)));
}

std::vector<Fault> check_change_product_in_offer(const Preparation& from) {
    return faults_in(decide_change(from, state_of(from)));
}

Prepared prepare_add_product_to_offer(const Preparation& from) {
    const auto state = state_of(from);
    const auto events = decide_add(from, state);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_of(state, *events);
    const auto& line = std::get<events::ProductAddedToOffer>(events->front()).product;
    plan.steps = {step_of(
        state,
        clubify::add_product(state.clubify_id, to_wire(line)),
        Settle::offer_has_product,
        line.clubify_product_id,
        "ProductInOfferAddFailed"
    )};
    return plan;
}

Prepared prepare_change_product_in_offer(const Preparation& from) {
    const auto state = state_of(from);
    const auto events = decide_change(from, state);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_of(state, *events);
    if (events->empty()) return plan;
    const auto& line = std::get<events::ProductInOfferChanged>(events->front()).product;
    plan.steps = {step_of(
        state,
        clubify::change_product(state.clubify_id, to_wire(line)),
        Settle::offer_product_as_sent,
        line.clubify_product_id,
        "ProductInOfferChangeFailed"
    )};
    return plan;
}

Prepared prepare_remove_product_from_offer(const Preparation& from) {
    const RemoveProductFromOffer command{from.product_id};
    const auto state = state_of(from);
    const auto events = decide(command, state, named_products(from, {}));
    if (!events) return std::unexpected(events.error());

    auto plan = plan_of(state, *events);
    const auto& removed = std::get<events::ProductRemovedFromOffer>(events->front());
    plan.steps = {step_of(
        state,
        clubify::remove_product(state.clubify_id, removed.clubify_product_id),
        Settle::offer_lacks_product,
        removed.clubify_product_id,
        "ProductInOfferRemoveFailed"
    )};
    return plan;
}

}  // namespace vitrine::commands
