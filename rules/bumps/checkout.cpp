#include "rules/bumps/checkout.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "core/sha256.hpp"

namespace vitrine::rules::bumps {

const events::AcceptedBump* OfCheckout::accepts(std::string_view bump) const {
    const auto found = std::ranges::find(accepted, bump, &events::AcceptedBump::bump);
    return found == accepted.end() ? nullptr : &*found;
}

namespace {

void give_up(OfCheckout& state, const std::string& bump) {
    std::erase_if(state.accepted, [&](const auto& each) { return each.bump == bump; });
    state.kept.erase(bump);
}

void reconsider(OfCheckout& state, const events::BumpReconsidered& e) {
    if (e.outcome == "removed") return give_up(state, e.bump);
    state.kept.insert(e.bump);
    for (auto& each : state.accepted) {
        if (each.bump == e.bump) each.price_cents = e.price_cents;
    }
}

}  // namespace

OfCheckout evolve(OfCheckout state, const events::CheckoutEvent& event, Timestamp recorded_at) {
    std::visit(
        overloaded{
            [&](const events::CheckoutOpened& e) {
                state.checkout_id = e.checkout_id.str();
                state.offer_id = e.offer_id;
                state.revision = e.revision;
                state.opened_at = recorded_at;
                state.customer_id = e.customer_id;
                state.session = e.session;
                state.quote = e.quote;
            },
            [&](const events::CheckoutChanged& e) {
                state.customer_id = e.customer_id;
                state.quote = e.quote;
            },
            [&](const events::BumpsDecided& e) { state.decisions.insert(e.decision); },
            [&](const events::BumpDisplayed& e) {
                state.first_displayed.emplace(e.bump, e.decided_at);
            },
            [&](const events::BumpAccepted& e) {
                give_up(state, e.accepted.bump);
                state.accepted.push_back(e.accepted);
                state.declined.erase(e.accepted.bump);
            },
            [&](const events::BumpDeclined& e) {
                give_up(state, e.bump);
                state.declined.insert(e.bump);
            },
            [&](const events::BumpReconsidered& e) { reconsider(state, e); },
            [](const auto&) {},
        },
        event
    );
    return state;
}

Question question_of(const OfCheckout& checkout, const Context& context, Timestamp now) {
    Question question;
    question.offer_id = checkout.offer_id;
    question.revision = checkout.revision.value_or(0);
    question.cart = cart_in(checkout.quote);
    question.customer_id = checkout.customer_id;
    question.session = checkout.session;
    question.device = context.device;
    question.region = context.region;
    question.page_seconds = context.page_seconds;
    question.checkout_id = checkout.checkout_id;
    question.first_displayed = checkout.first_displayed;
    question.moment = {now, checkout.opened_at};
    return question;
}

std::string decision_id(const Rulebook& rulebook, const JsonText& inputs) {
    constexpr std::size_t digits = 16;
    return sha256_hex(std::to_string(rulebook.revision) + inputs.text).substr(0, digits);
}

bool still_qualifies(
    const Rulebook& rulebook, Inputs inputs, const Moment& moment, const events::Bump& bump
) {
    constexpr std::string_view of_cart_and_buyer[] = {
        "not_in_cart", "cart_value_min", "cart_value_max", "required_products", "customer_segments"
    };
    std::erase(inputs.cart.bumps, bump.product_id);  // it is itself
    for (const auto& decision : decide(rulebook, inputs, moment, Explain::yes)) {
        if (decision.rule->bump != bump.bump) continue;
        return std::ranges::none_of(decision.reasons, [&](const Reason& reason) {
            return !reason.pass &&
                   std::ranges::find(of_cart_and_buyer, reason.rule) != std::end(of_cart_and_buyer);
        });
    }
    return true;
}

}  // namespace vitrine::rules::bumps
