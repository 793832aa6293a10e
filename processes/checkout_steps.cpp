#include "processes/checkout_steps.hpp"

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "gateways/clubify/checkout_effects.hpp"
#include "gateways/payments/payments.hpp"
#include "processes/command_effects.hpp"

namespace vitrine::processes::saga {

using namespace std::chrono_literals;

Retries persistent() {
    Retries retries;
    for (auto pause = 1s; pause < 600s; pause *= 2) retries.pauses.push_back(pause);
    retries.pauses.insert(retries.pauses.end(), 140, 600s);
    return retries;
}

std::string key_of(const State& state, std::string_view step) {
    auto key = std::to_string(state.round);
    if (const auto found = state.retried.find(step); found != state.retried.end())
        key += "-" + std::to_string(found->second);
    return key;
}

namespace {

using Json = nlohmann::ordered_json;
using Charge = commands::CheckoutState::Charge;
namespace outcomes = events::effect_outcome;

// ---- How long each step is tried --------------------------------------------------------------

/// A few seconds: a buyer waits.
Retries brief() {
    return {.pauses = {1s, 1s, 1s, 1s}};
}

/// Half a minute.
Retries patient() {
    return {.pauses = {1s, 2s, 4s, 8s, 15s}};
}

/// What cannot be refused is tried for as long as it takes.
Retries endless() {
    auto retries = persistent();
    retries.pauses.insert(retries.pauses.end(), 1'000, 3600s);
    return retries;
}

// ---- What the steps are made of ---------------------------------------------------------------

std::string reference_of(const State& state) {
    return "checkout-" + state.id.str();
}

std::string reservation_of(const State& state) {
    return commands::reservation_id_of(reference_of(state)).str();
}

Json reserved_items(const State& state) {
    Json items = Json::array();
    for (const auto& item : state.goods)
        items.push_back({{"sku", item.sku}, {"quantity", item.quantity}});
    return items;
}

bool holds_stock(const State& state) {
    return !state.goods.empty();
}

bool has_coupon(const State& state) {
    return state.coupon.has_value();
}

bool is_card(const State& state) {
    return state.payment.method == "credit_card";
}

bool is_free(const State& state) {
    return state.payment.method == "free";
}

bool is_later(const State& state) {
    return !is_card(state) && !is_free(state);
}

/// The reservation outlives the charge.
std::int64_t seconds_held(const State& state) {
    constexpr std::int64_t card_seconds = 15 * 60, pix_grace = 2 * 60, boleto_grace = 3 * 24 * 3600;
    if (!state.payment.payable_until) return card_seconds;
    const auto lasts = std::chrono::ceil<std::chrono::seconds>(
        *state.payment.payable_until - state.payment.asked_at
    );
    return lasts.count() + (state.payment.method == "pix" ? pix_grace : boleto_grace);
}

gateways::Effect reservation_command(const State& state, std::string name, std::string act) {
    const auto id = reservation_of(state);
    const bool is_release = act.empty();
    return command_effect(
        {.name = std::move(name),
         .method = is_release ? "DELETE" : "POST",
         .path = "/v1/reservations/" + id + (is_release ? "" : "/" + act),
         .entity_id = id}
    );
}

gateways::Effect coupon_command(const State& state, std::string name) {
    const auto id = fold(*state.coupon);
    Json body{{"reference", reference_of(state)}};
    if (name == "LockCoupon" && state.buyer.customer_id)
        body["customer_id"] = *state.buyer.customer_id;
    return command_effect(
        {.name = std::move(name),
         .method = "POST",
         .path = "/v1/coupons/" + id,
         .entity_id = id,
         .body = body.dump()}
    );
}

ClubifyId remote_of(const State& state) {
    const auto* act = state.act("checkout");
    return ClubifyId(act == nullptr ? "" : act->created);
}

gateways::Effect opening(const State& state) {
    const auto quote = Json::parse(state.quote.text);
    clubify::CheckoutFields fields;
    fields.offer = state.clubify_offer_id;
    if (state.buyer.clubify_customer_id)
        fields.customer = ClubifyId(*state.buyer.clubify_customer_id);
    clubify::Pricing pricing;
    pricing.subtotal_cents = quote.at("subtotal_cents").get<std::int64_t>();
    pricing.discount_cents = quote.at("discount_cents").get<std::int64_t>();
    pricing.shipping_cents = quote.at("shipping_cents").get<std::int64_t>();
    pricing.total_cents = state.payment.amount_cents;
    pricing.currency = state.currency;
    fields.pricing = pricing;
    Json metadata{{"saga_id", state.id.str()}};
    if (holds_stock(state)) metadata["reservation_id"] = reservation_of(state);
    fields.metadata = JsonText(metadata.dump());
    fields.expires_in = std::chrono::seconds(seconds_held(state));
    if (!state.utm.empty()) {
        const auto utm = Json::parse(state.utm.text);
        fields.utm.source = utm.value("source", "");
        fields.utm.medium = utm.value("medium", "");
        fields.utm.campaign = utm.value("campaign", "");
    }
    return clubify::open_checkout(fields, state.id.str());
}

payments::Order order_of(const State& state) {
    const auto& asked = state.payment;
    payments::Order order;
    order.charge_id = asked.charge_id;
    order.checkout_id = state.id.str();
    order.platform_checkout_id = remote_of(state).str();
    order.platform_customer_id = state.buyer.clubify_customer_id.value_or("");
    order.customer_id = state.buyer.customer_id.value_or("");
    order.method = asked.method;
    order.amount_cents = asked.amount_cents;
    order.currency = asked.currency;
    order.installments = asked.installments;
    if (asked.card_token) order.card_token = asked.card_token->text();
    order.payable_until = asked.payable_until;
    if (asked.payable_until)
        order.expires_in =
            std::chrono::ceil<std::chrono::seconds>(*asked.payable_until - asked.asked_at).count();
    return order;
}

/// The same movement, also when a person wants it once more.
payments::Movement movement_of(const State& state, std::string_view step) {
    return {
        step == "authorize" || step == "issue" ? state.payment.charge_id
                                               : state.payment.charge_id + '-' + std::string(step),
        state.retried.contains(step)
    };
}

// ---- The steps, in their order ----------------------------------------------------------------

bool always(const State&) {
    return true;
}

/// Forward: each is taken when the one before has ended.
const Step forward[] = {
    {{"reserve", "compensatable", "release", {"Reserve the stock", "Reservar o estoque"}},
     holds_stock,
     [](const State& state) {
         const Json body{
             {"reference", reference_of(state)},
             {"ttl_seconds", seconds_held(state)},
             {"items", reserved_items(state)}
         };
         return command_effect(
             {.name = "ReserveStock",
              .method = "POST",
              .path = "/v1/reservations",
              .entity_id = {},
              .body = body.dump()}
         );
     },
     brief},
    // Before the coupon, which may be limited for each customer.
    {{"customer", "compensatable", "", {"Register the buyer", "Cadastrar o comprador"}},
     [](const State& state) { return state.buyer.told.has_value(); },
     [](const State& state) {
         return command_effect(
             {.name = "PutCustomer",
              .method = "PUT",
              .path = "/v1/customers",
              .entity_id = {},
              .body = *state.buyer.told}
         );
     },
     patient},
    {{"coupon", "compensatable", "unlock", {"Hold the coupon", "Segurar o cupom"}},
     has_coupon,
     [](const State& state) { return coupon_command(state, "LockCoupon"); },
     brief},
    {{"checkout",
      "compensatable",
      "cancel",
      {"Open the checkout on Clubify", "Abrir o checkout na Clubify"}},
     always,
     opening,
     patient},
    {{"authorize", "compensatable", "void", {"Authorise the card", "Autorizar o cartão"}},
     is_card,
     [](const State& state) {
         return payments::authorize(
             state.payment.provider, movement_of(state, "authorize"), order_of(state)
         );
     },
     patient},
    {{"issue", "compensatable", "void", {"Issue what is paid later", "Emitir a cobrança"}},
     is_later,
     [](const State& state) {
         return payments::issue(
             state.payment.provider, movement_of(state, "issue"), order_of(state)
         );
     },
     patient},
    {{"confirm", "compensatable", "release", {"Confirm the stock", "Confirmar o estoque"}},
     holds_stock,
     [](const State& state) { return reservation_command(state, "ConfirmReservation", "confirm"); },
     brief},
    {{"capture", "pivot", "refund", {"Charge the card", "Cobrar o cartão"}},
     is_card,
     [](const State& state) {
         return payments::capture(
             state.payment.provider,
             movement_of(state, "capture"),
             state.payment_id,
             state.payment.amount_cents
         );
     },
     persistent},
    {{"redeem", "retriable", "", {"Use the coupon", "Usar o cupom"}},
     has_coupon,
     [](const State& state) { return coupon_command(state, "RedeemCoupon"); },
     endless},
    {{"complete", "retriable", "", {"Complete the order on Clubify", "Concluir o pedido na Clubify"}
     },
     always,
     [](const State& state) {
         // The platform knows its own payments alone.
         const bool is_theirs = state.payment.provider == payments::clubify;
         return clubify::complete_checkout_with(
             remote_of(state), is_theirs ? state.payment_id : std::string()
         );
     },
     persistent},
    {{"fulfil", "retriable", "", {"Take the goods out of the stock", "Dar baixa no estoque"}},
     holds_stock,
     [](const State& state) { return reservation_command(state, "FulfilReservation", "fulfil"); },
     endless},
};

/// It has happened, or nobody could tell: undoing what is not there does nothing.
bool may_be_there(const State& state, std::string_view step) {
    const auto* act = state.act(step);
    return act != nullptr && (act->is_done() || act->outcome == outcomes::unknown);
}

/// Backward, from the last to the first: each only where there is something to undo.
const Step backward[] = {
    {{"void", "compensation", "", {"Let go of the charge", "Cancelar a cobrança"}},
     [](const State& state) {
         return !state.payment_id.empty() && state.captured_cents == 0 &&
                (state.charge == Charge::authorized || state.charge == Charge::pending ||
                 state.charge == Charge::voided);
     },
     [](const State& state) {
         return payments::void_charge(
             state.payment.provider, movement_of(state, "void"), state.payment_id
         );
     },
     persistent},
    {{"cancel",
      "compensation",
      "",
      {"Cancel the checkout on Clubify", "Cancelar o checkout na Clubify"}},
     // One that a person has closed has no id.
     [](const State& state) {
         return state.is_done("checkout") && state.order_id.empty() && !remote_of(state).empty();
     },
     [](const State& state) { return clubify::cancel_open_checkout(remote_of(state)); },
     persistent},
    {{"unlock", "compensation", "", {"Let go of the coupon", "Liberar o cupom"}},
     [](const State& state) { return may_be_there(state, "coupon"); },
     [](const State& state) {
         return coupon_command(state, state.is_done("redeem") ? "RestoreCoupon" : "ReleaseCoupon");
     },
     endless},
    {{"release", "compensation", "", {"Let go of the stock", "Liberar o estoque"}},
     [](const State& state) { return may_be_there(state, "reserve") && !state.is_done("fulfil"); },
     [](const State& state) { return reservation_command(state, "ReleaseReservation", ""); },
     endless},
};

}  // namespace

std::span<const Step> steps() {
    return forward;
}

std::span<const Step> undoing() {
    return backward;
}

}  // namespace vitrine::processes::saga
