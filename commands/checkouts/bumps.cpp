#include "commands/checkouts/bumps.hpp"

#include <algorithm>

namespace vitrine::commands {

using namespace rules::bumps;

namespace {

std::unexpected<Rejection> refused(std::string_view problem, Phrase detail) {
    return std::unexpected(Rejection{problem, std::move(detail), {}});
}

std::unexpected<Rejection> no_such_bump() {
    return refused("not-found", {"There is no such bump.", "Não existe este bump."});
}

const Decision* find(const std::vector<Decision>& all, std::string_view bump) {
    const auto found =
        std::ranges::find_if(all, [&](const Decision& each) { return each.rule->bump == bump; });
    return found == all.end() ? nullptr : &*found;
}

/// The inputs come before the first event that names their decision.
std::string note_decision(CheckoutEvents& events, const CheckoutState& state, const BumpsNow& now) {
    const auto& rulebook = *now.known.rulebook;
    const auto inputs = inputs_json(now.known.inputs);
    auto id = decision_id(rulebook, inputs);
    if (!state.bumps.decisions.contains(id))
        events.emplace_back(events::BumpsDecided{state.id, id, rulebook.revision, inputs});
    return id;
}

Phrase why_hidden(const Decision& decision) {
    const auto failed = std::ranges::find(decision.reasons, false, &Reason::pass);
    if (failed == decision.reasons.end())
        return {"The bump is not offered.", "O bump não é oferecido."};
    return phrase(
        "The bump is not offered: {} is {}, and {} was expected.",
        "O bump não é oferecido: {} é {}, e esperava-se {}.",
        std::string_view(failed->rule),
        std::string_view(failed->actual.text),
        std::string_view(failed->expected.text)
    );
}

std::unexpected<Rejection> price_changed(std::int64_t before, std::int64_t now) {
    return refused(
        "price-changed",
        phrase(
            "It was {} and is {} now (in cents).", "Era {} e agora é {} (em centavos).", before, now
        )
    );
}

/// The discount with which it was displayed, if that has ended since.
std::optional<std::int64_t> ended_discount(const Decision& decision, const BumpsNow& now) {
    if (!decision.discount_ends_at || *decision.discount_ends_at > now.moment.now)
        return std::nullopt;
    auto before = now.moment;
    before.now = *decision.discount_ends_at - std::chrono::microseconds(1);
    const auto all =
        rules::bumps::decide(*now.known.rulebook, now.known.inputs, before, Explain::no);
    const auto* then = find(all, decision.rule->bump);
    if (then == nullptr || then->price_cents == decision.price_cents) return std::nullopt;
    return then->price_cents;
}

}  // namespace

std::optional<Decision> BumpsNow::decided(std::string_view bump) const {
    const auto at = [&](const Moment& when) {
        return rules::bumps::decide(*known.rulebook, known.inputs, when, Explain::no);
    };
    const auto all = at(moment);
    const auto* now = find(all, bump);
    if (now == nullptr) return std::nullopt;
    const bool discount_ended = now->discount_ends_at && *now->discount_ends_at <= moment.now;
    if (now->show && !discount_ended) return *now;
    const auto earlier = at({moment.now - grace, moment.opened_at});
    const auto* before = find(earlier, bump);
    return before->show ? *before : *now;
}

events::AcceptedBump BumpsNow::offered(std::string_view bump, std::int64_t price_cents) const {
    const auto& bumps = known.rulebook->bumps;
    const auto found = std::ranges::find(bumps, bump, &events::Bump::bump);
    const auto& unit = known.units.at(static_cast<std::size_t>(found - bumps.begin()));
    return {
        .bump = found->bump,
        .product_id = found->product_id,
        .clubify_product_id = unit.clubify_product_id,
        .sku = unit.sku,
        .name = unit.name,
        .unit_cents = unit.cents.value_or(price_cents),
        .price_cents = price_cents,
        .price_rule = unit.rule,
        .price_revision = unit.revision,
        .revision = known.rulebook->revision
    };
}

CheckoutDecision decide(
    const DisplayBumps& command, const CheckoutState& state, const BumpsNow& now
) {
    if (auto no = why_not_changed(state, now.moment.now)) return std::unexpected(*std::move(no));
    std::vector<Fault> faults;
    CheckoutEvents shown;
    CheckoutEvents events;
    for (std::size_t i = 0; i < command.bumps.size(); ++i) {
        const auto& bump = command.bumps[i];
        const auto pointer = "/bumps/" + std::to_string(i);
        const auto decision = now.decided(bump);
        if (!decision) {
            faults.push_back(
                {pointer, "unknown_bump", {"there is no such bump", "não existe este bump"}}
            );
            continue;
        }
        const bool is_again =
            state.bumps.first_displayed.contains(bump) || state.bumps.accepts(bump) != nullptr ||
            std::ranges::find(
                command.bumps.begin(), command.bumps.begin() + static_cast<std::ptrdiff_t>(i), bump
            ) != command.bumps.begin() + static_cast<std::ptrdiff_t>(i);
        if (is_again) continue;
        if (!decision->show) {
            faults.push_back({pointer, "not_offered", why_hidden(*decision)});
            continue;
        }
        if (events.empty() && shown.empty()) note_decision(events, state, now);
        shown.emplace_back(events::BumpDisplayed{
            state.id,
            state.offer_id,
            bump,
            decision_id(*now.known.rulebook, inputs_json(now.known.inputs)),
            now.moment.now,
            decision->price_cents.value_or(0),
            state.bumps.session,
            state.bumps.customer_id
        });
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    std::ranges::move(shown, std::back_inserter(events));
    return events;
}

CheckoutDecision decide(
    const AcceptBump& command,
    const CheckoutState& state,
    const BumpsNow& now,
    const QuoteDecision& quoted
) {
    if (state.bumps.accepts(command.bump) != nullptr) return CheckoutEvents{};
    if (auto no = why_not_changed(state, now.moment.now)) return std::unexpected(*std::move(no));
    const auto decision = now.decided(command.bump);
    if (!decision) return no_such_bump();
    if (!decision->show) {
        const bool sold_out = std::ranges::any_of(decision->reasons, [](const Reason& reason) {
            return !reason.pass && reason.rule == "in_stock";
        });
        return refused(sold_out ? "out-of-stock" : "illegal-transition", why_hidden(*decision));
    }
    const auto price = decision->price_cents.value_or(0);
    if (command.price_cents && *command.price_cents != price)
        return price_changed(*command.price_cents, price);
    if (!command.price_cents) {
        if (const auto before = ended_discount(*decision, now))
            return price_changed(*before, price);
    }
    if (!quoted) return std::unexpected(invalid(quoted.error()));
    CheckoutEvents events;
    const auto id = note_decision(events, state, now);
    events.emplace_back(events::BumpAccepted{
        state.id, state.offer_id, now.offered(command.bump, price), id, now.moment.now
    });
    events.emplace_back(changed_to(state, state.buyer, *quoted));
    return events;
}

CheckoutDecision decide(
    const DeclineBump& command,
    const CheckoutState& state,
    const BumpsNow& now,
    const QuoteDecision& quoted
) {
    const bool was_accepted = state.bumps.accepts(command.bump) != nullptr;
    if (!was_accepted && state.bumps.declined.contains(command.bump)) return CheckoutEvents{};
    if (auto no = why_not_changed(state, now.moment.now)) return std::unexpected(*std::move(no));
    if (!now.decided(command.bump)) return no_such_bump();
    if (!quoted) return std::unexpected(invalid(quoted.error()));
    CheckoutEvents events;
    const auto id = note_decision(events, state, now);
    events.emplace_back(
        events::BumpDeclined{state.id, state.offer_id, command.bump, id, now.moment.now}
    );
    if (was_accepted) events.emplace_back(changed_to(state, state.buyer, *quoted));
    return events;
}

Reconsidered reconsider(const CheckoutState& state, const BumpsNow& now) {
    Reconsidered result;
    std::string id;
    for (auto accepted : state.bumps.accepted) {
        const auto& bumps = now.known.rulebook->bumps;
        const auto rule = std::ranges::find(bumps, accepted.bump, &events::Bump::bump);
        const bool is_fine =
            rule == bumps.end() ||
            still_qualifies(*now.known.rulebook, now.known.inputs, now.moment, *rule);
        if (is_fine) {
            result.accepted.push_back(std::move(accepted));
            continue;
        }
        const auto& policy = rule->when_unqualified;
        const bool was_kept = state.bumps.kept.contains(accepted.bump);
        if (policy != "remove" && was_kept) {  // that was decided when it stopped to qualify
            result.accepted.push_back(std::move(accepted));
            continue;
        }
        if (id.empty()) id = note_decision(result.events, state, now);
        if (policy == "reprice") accepted.price_cents = accepted.unit_cents;
        const bool is_gone = policy == "remove";
        result.events.emplace_back(events::BumpReconsidered{
            state.id,
            state.offer_id,
            accepted.bump,
            is_gone               ? "removed"
            : policy == "reprice" ? "repriced"
                                  : "kept",
            is_gone ? 0 : accepted.price_cents,
            id,
            now.moment.now
        });
        if (!is_gone) result.accepted.push_back(std::move(accepted));
    }
    return result;
}

}  // namespace vitrine::commands
