#include "gateways/payments/payments.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace vitrine::payments {
namespace {

using Json = nlohmann::ordered_json;

gateways::Effect effect(
    std::string_view provider, std::string_view act, std::string subject, Json body
) {
    gateways::Effect effect;
    effect.connector = connector_of(provider);
    effect.settle = act;
    effect.subject = std::move(subject);
    effect.body = JsonText(body.dump());
    return effect;
}

Json body_of(const Movement& movement) {
    Json body;
    body["key"] = movement.key;
    if (movement.asked_before) body["asked_before"] = true;
    return body;
}

Json body_of(const Movement& movement, const Order& order) {
    auto body = body_of(movement);
    body["charge_id"] = order.charge_id;
    body["checkout_id"] = order.checkout_id;
    body["platform_checkout_id"] = order.platform_checkout_id;
    body["platform_customer_id"] = order.platform_customer_id;
    body["customer_id"] = order.customer_id;
    body["method"] = order.method;
    body["amount_cents"] = order.amount_cents;
    body["currency"] = order.currency;
    body["installments"] = order.installments;
    if (order.card_token) body["card_token"] = *order.card_token;
    if (order.expires_in) body["expires_in"] = *order.expires_in;
    if (order.payable_until) body["payable_until"] = format_time(*order.payable_until);
    return body;
}

}  // namespace

std::string connector_of(std::string_view provider) {
    return "payments-" + std::string(provider);
}

bool takes(std::string_view provider, std::string_view method, std::string_view currency) {
    const bool takes_others = provider == clubify && method == "credit_card";
    return currency == "BRL" || (takes_others && (currency == "USD" || currency == "EUR"));
}

gateways::Effect authorize(
    std::string_view provider, const Movement& movement, const Order& order
) {
    return effect(provider, authorizes, order.charge_id, body_of(movement, order));
}

gateways::Effect issue(std::string_view provider, const Movement& movement, const Order& order) {
    return effect(provider, issues, order.charge_id, body_of(movement, order));
}

gateways::Effect capture(
    std::string_view provider,
    const Movement& movement,
    std::string payment_id,
    std::int64_t amount_cents
) {
    auto body = body_of(movement);
    body["amount_cents"] = amount_cents;
    return effect(provider, captures, std::move(payment_id), std::move(body));
}

gateways::Effect void_charge(
    std::string_view provider, const Movement& movement, std::string payment_id
) {
    return effect(provider, voids, std::move(payment_id), body_of(movement));
}

gateways::Effect refund(
    std::string_view provider,
    const Movement& movement,
    std::string payment_id,
    const Refund& refund
) {
    auto body = body_of(movement);
    body["amount_cents"] = refund.amount_cents;
    body["refunded_before_cents"] = refund.refunded_before_cents;
    body["reason"] = refund.reason;
    return effect(provider, refunds, std::move(payment_id), std::move(body));
}

gateways::Effect look(std::string_view provider, std::string payment_id) {
    return effect(provider, looks, std::move(payment_id), Json::object());
}

}  // namespace vitrine::payments
