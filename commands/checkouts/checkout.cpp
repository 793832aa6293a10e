#include "commands/checkouts/checkout.hpp"

#include <algorithm>

#include "commands/checkouts/refund.hpp"
#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

using Charge = CheckoutState::Charge;
using End = CheckoutState::End;

constexpr auto lifetime = std::chrono::minutes(60);
constexpr std::int64_t pix_seconds = 3600, boleto_seconds = 3 * 24 * 3600;
constexpr std::string_view free_of_charge = "free";
constexpr std::string_view card = "credit_card";

std::unexpected<Rejection> refused(std::string_view problem, Phrase detail) {
    return std::unexpected(Rejection{problem, std::move(detail), {}});
}

std::unexpected<Rejection> illegal(Phrase detail) {
    return refused("illegal-transition", std::move(detail));
}

/// The quote, with each fault where the body has it.
std::optional<std::vector<Fault>> faults_of(const OfferedNow& offered) {
    if (offered.quote) return std::nullopt;
    return offered.quote.error();
}

void note_quote(auto& event, const CheckoutQuote& quote) {
    event.quote = quote.json;
    event.currency = quote.currency;
    event.total_cents = quote.total_cents;
    event.quote_valid_until = quote.valid_until;
}

void note_buyer(auto& event, const Buyer& buyer) {
    event.customer_id = buyer.customer_id;
    event.clubify_customer_id = buyer.clubify_customer_id;
    if (buyer.told) event.customer = events::PersonText(*buyer.told);
}

void check_terms(const PayTerms& terms, const char* at, std::vector<Fault>& faults) {
    const bool is_card = terms.method == card;
    const auto fault = [&](const char* member, const char* code, Phrase detail) {
        faults.push_back({std::string(at) + member, code, std::move(detail)});
    };
    if (is_card && !terms.card_token)
        fault("/card_token", "required_of_cards", {"is required", "é obrigatório"});
    if (!is_card && terms.card_token)
        fault(
            "/card_token", "only_of_cards", {"is only for credit_card", "só vale para credit_card"}
        );
    if (!is_card && terms.installments.value_or(1) != 1)
        fault(
            "/installments",
            "only_of_cards",
            {"is only for credit_card", "só vale para credit_card"}
        );
    if (is_card && terms.expires_in)
        fault(
            "/expires_in",
            "only_of_later_payment",
            {"is only for pix and boleto", "só vale para pix e boleto"}
        );
}

/// What the quote says that so many payments sum to; nullopt: it does not offer them.
std::optional<std::int64_t> total_in(const JsonText& quote, std::int64_t installments) {
    const auto json = Json::parse(quote.text);
    const auto total = json.at("total_cents").get<std::int64_t>();
    if (installments == 1) return total;
    for (const auto& each : json.at("installments")) {
        if (each.at("count") == installments) return each.at("total_cents").get<std::int64_t>();
    }
    return std::nullopt;
}

/// What a payment is of.
struct Priced {
    const events::CheckoutId& id;
    const JsonText& quote;
    std::string_view currency;
    std::string_view provider;
    std::int64_t attempt = 1;
    Timestamp now;
    const char* at = "";  // where the body has the terms
};

std::expected<events::PaymentAsked, Rejection> asked_by(
    const PayTerms& terms, const Priced& priced
) {
    std::vector<Fault> faults;
    check_terms(terms, priced.at, faults);
    const auto installments = terms.installments.value_or(1);
    const auto total = total_in(priced.quote, installments);
    if (!total)
        faults.push_back(
            {std::string(priced.at) + "/installments",
             "not_offered",
             {"so many payments are not offered", "este parcelamento não é oferecido"}}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (*total != 0 && !payments::takes(priced.provider, terms.method, priced.currency))
        return refused(
            "method-not-available",
            phrase(
                "What costs {} cannot be paid by {}.",
                "O que custa {} não pode ser pago por {}.",
                priced.currency,
                std::string_view(terms.method)
            )
        );
    events::PaymentAsked asked;
    asked.checkout_id = priced.id;
    asked.attempt = priced.attempt;
    asked.charge_id = priced.id.str() + '-' + std::to_string(priced.attempt);
    asked.method = *total == 0 ? std::string(free_of_charge) : terms.method;
    asked.provider = priced.provider;
    asked.amount_cents = *total;
    asked.currency = priced.currency;
    asked.installments = installments;
    if (terms.card_token && *total != 0) asked.card_token = events::PersonText(*terms.card_token);
    asked.asked_at = priced.now;
    if (asked.method == "pix" || asked.method == "boleto") {
        const auto usual = asked.method == "pix" ? pix_seconds : boleto_seconds;
        asked.payable_until = priced.now + std::chrono::seconds(terms.expires_in.value_or(usual));
    }
    return asked;
}

Fault buyer_is_required() {
    return {"/customer", "required_to_pay", {"who buys is required", "quem compra é obrigatório"}};
}

std::optional<std::unexpected<Rejection>> why_not_open(const CheckoutState& state, Timestamp now) {
    switch (state.end) {
        case End::expired:
            return refused(
                "checkout-expired", {"The checkout has expired.", "O checkout expirou."}
            );
        case End::failed:
            return illegal({"The checkout has failed.", "O checkout falhou."});
        case End::cancelled:
            return illegal({"The checkout was cancelled.", "O checkout foi cancelado."});
        case End::completed:
            return illegal({"The checkout is completed.", "O checkout está concluído."});
        case End::none:
            break;
    }
    if (state.charge == Charge::captured)
        return illegal({"The checkout is paid.", "O checkout está pago."});
    if (state.in_flight)
        return illegal(
            {"A payment of the checkout is under way.",
             "Um pagamento do checkout está em andamento."}
        );
    if (state.charge != Charge::pending && now >= state.expires_at)
        return refused("checkout-expired", {"The checkout has expired.", "O checkout expirou."});
    return std::nullopt;
}

std::string_view method_of(const CheckoutState& state) {
    return state.payment.method;
}

}  // namespace

CheckoutDecision decide(
    const OpenCheckout& command,
    const events::CheckoutId& id,
    const SoldOffer& offer,
    const Buyer& buyer,
    const OfferedNow& offered
) {
    auto faults = faults_of(offered).value_or(std::vector<Fault>());
    if (command.pay && !buyer.is_there()) faults.push_back(buyer_is_required());
    if (command.pay && !faults.empty()) check_terms(*command.pay, "/pay", faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (offer.status != "active")
        return illegal({"The offer is not active.", "A oferta não está ativa."});
    events::CheckoutOpened opened;
    opened.checkout_id = id;
    opened.offer_id = command.offer_id;
    opened.clubify_offer_id = offer.clubify_id;
    opened.checkout_url = offer.checkout_url;
    note_buyer(opened, buyer);
    opened.coupon = command.coupon;
    opened.shipping_cents = command.shipping_cents;
    opened.session = command.session;
    opened.utm = command.utm;
    opened.items = command.items;
    note_quote(opened, *offered.quote);
    opened.expires_at = offered.now + lifetime;
    opened.revision = offer.revision;
    CheckoutEvents events{opened};
    if (command.pay) {
        auto asked = asked_by(
            *command.pay,
            {id, opened.quote, opened.currency, offered.provider, 1, offered.now, "/pay"}
        );
        if (!asked) return std::unexpected(std::move(asked.error()));
        events.emplace_back(*std::move(asked));
    }
    return events;
}

std::optional<Rejection> why_not_changed(const CheckoutState& state, Timestamp now) {
    if (auto no = why_not_open(state, now)) return std::move(*no).error();
    if (state.charge == Charge::pending)
        return illegal({"A payment of the checkout is waited for: cancel it, and open another.",
                        "Espera-se um pagamento do checkout: cancele-o e abra outro."})
            .error();
    if (state.is_done("checkout"))
        return illegal({"The platform has the checkout as it is: cancel it, and open another.",
                        "A plataforma já tem o checkout como está: cancele-o e abra outro."})
            .error();
    return std::nullopt;
}

events::CheckoutChanged changed_to(
    const CheckoutState& state, const Buyer& buyer, const CheckoutQuote& quote
) {
    events::CheckoutChanged changed;
    changed.checkout_id = state.id;
    note_buyer(changed, buyer);
    changed.coupon = state.coupon;
    changed.shipping_cents = state.shipping_cents;
    changed.items = state.items;
    note_quote(changed, quote);
    return changed;
}

CheckoutDecision decide(
    const ChangeCheckout& command,
    const CheckoutState& state,
    const std::optional<Buyer>& buyer,
    const OfferedNow& offered
) {
    if (auto no = why_not_changed(state, offered.now)) return std::unexpected(*std::move(no));
    if (auto faults = faults_of(offered)) return std::unexpected(invalid(*std::move(faults)));
    auto changed = changed_to(state, buyer.value_or(state.buyer), *offered.quote);
    changed.coupon = command.coupon.after(state.coupon);
    if (command.shipping_cents) changed.shipping_cents = command.shipping_cents;
    changed.items = command.items.value_or(state.items);
    return CheckoutEvents{changed};
}

CheckoutDecision decide(
    const PayCheckout& command, const CheckoutState& state, const OfferedNow& offered
) {
    const bool is_paid =
        state.end == End::completed || (state.end == End::none && state.charge == Charge::captured);
    if (is_paid) return CheckoutEvents{};
    const bool waits = state.end == End::none && state.charge == Charge::pending;
    if (waits && command.terms.method == method_of(state)) return CheckoutEvents{};
    if (auto no = why_not_open(state, offered.now)) return *std::move(no);
    if (waits)
        return illegal(
            {"A payment of the checkout is waited for: cancel it, and open another.",
             "Espera-se um pagamento do checkout: cancele-o e abra outro."}
        );
    if (!state.buyer.is_there()) return std::unexpected(invalid({buyer_is_required()}));
    if (offered.now >= state.quote_valid_until) {
        if (!offered.quote || offered.quote->total_cents != state.total_cents)
            return refused(
                "price-changed",
                offered.quote ? phrase(
                                    "It was {} and is {} now (in cents).",
                                    "Era {} e agora é {} (em centavos).",
                                    state.total_cents,
                                    offered.quote->total_cents
                                )
                              : Phrase(
                                    "What was quoted cannot be had any more.",
                                    "O que foi cotado não está mais disponível."
                                )
            );
    }
    auto asked = asked_by(
        command.terms,
        {state.id, state.quote, state.currency, offered.provider, state.attempt + 1, offered.now}
    );
    if (!asked) return std::unexpected(std::move(asked.error()));
    return CheckoutEvents{*std::move(asked)};
}

CheckoutDecision decide(const CancelCheckout& command, const CheckoutState& state) {
    if (state.end == End::cancelled) return CheckoutEvents{};
    if (state.end != End::none || state.charge == Charge::captured || state.in_flight) {
        const auto no = why_not_open(state, state.expires_at - std::chrono::seconds(1));
        if (no) return *no;
    }
    return CheckoutEvents{events::CheckoutCancelled{state.id, command.reason}};
}

CheckoutDecision decide(const ResolveStep& command, const CheckoutState& state) {
    if (!state.blocked.contains(command.step)) {
        std::string names;
        for (const auto& [step, blocked] : state.blocked)
            names += (names.empty() ? "" : ", ") + step;
        return std::unexpected(invalid(
            {{"/step",
              "not_blocked",
              names.empty() ? Phrase("no step is blocked", "nenhum passo está bloqueado")
                            : phrase("blocked are: {}", "estão bloqueados: {}", names)}}
        ));
    }
    if (command.action == "accept_loss" && !command.step.starts_with("refund-"))
        return std::unexpected(invalid(
            {{"/action",
              "only_of_refunds",
              {"is only for a refund that cannot be made",
               "só vale para um reembolso que não se pode fazer"}}}
        ));
    constexpr std::string_view only_again[] = {"authorize", "issue", "capture", "complete"};
    if (command.action == "done" &&
        std::ranges::find(only_again, command.step) != std::end(only_again))
        return std::unexpected(invalid(
            {{"/action",
              "only_retry",
              {"the provider is to be asked again: retry; it is never charged twice for it",
               "o provedor deve ser consultado de novo: retry; nunca se cobra duas vezes por isso"}}
            }
        ));
    if (command.action == "retry" && command.step == "checkout")
        return std::unexpected(invalid(
            {{"/action",
              "only_done",
              {"the checkout has ended: close what the platform may have of it, and say done",
               "o checkout terminou: feche o que a plataforma tiver dele e diga done"}}}
        ));
    // It stays a person's until the provider says more.
    if (command.step == "dispute" && command.action == "retry")
        return CheckoutEvents{events::ChargeSignalled{state.id, "asked"}};
    CheckoutEvents events{events::StepResolved{
        state.id,
        command.step,
        command.action,
        command.evidence,
        state.blocked.at(command.step).amount_cents
    }};
    if (command.action == "done" && command.step == "dispute")
        events.emplace_back(dispute_ended(state, false));
    if (command.action != "done" || !command.step.starts_with("refund-")) return events;
    const auto id = command.step.substr(std::string_view("refund-").size());
    for (const auto& refund : state.refunds) {
        if (refund.id == id) events.emplace_back(refund_done(state, refund));
    }
    return events;
}

}  // namespace vitrine::commands
