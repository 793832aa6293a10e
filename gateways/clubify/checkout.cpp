#include "gateways/clubify/checkout.hpp"

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/units.hpp"

namespace vitrine::clubify {
namespace {

JsonText body_of(const Pricing& pricing) {
    JsonWriter writer;
    writer.maybe("subtotal", pricing.subtotal_cents)
        .maybe("discount", pricing.discount_cents)
        .maybe("shipping", pricing.shipping_cents)
        .maybe("tax", pricing.tax_cents)
        .maybe("total", pricing.total_cents)
        .maybe("currency", pricing.currency);
    return writer.done();
}

JsonText body_of(const CheckoutFields& fields) {
    JsonWriter writer;
    writer.text("offer_id", fields.offer.view()).text_if("customer_id", fields.customer.view());
    if (fields.pricing) writer.json("pricing", body_of(*fields.pricing).text);
    writer.json_if("metadata", fields.metadata)
        .json_if("layout", fields.layout)
        .json_if("order_bumps", fields.order_bumps)
        .json_if("ml_insights", fields.ml_insights);
    if (fields.expires_in) writer.number("expires_in", fields.expires_in->count());
    writer.text_if("utm_source", fields.utm.source)
        .text_if("utm_medium", fields.utm.medium)
        .text_if("utm_campaign", fields.utm.campaign);
    return writer.done();
}

ClubifyId id_of(const Json& json, Names names) {
    return ClubifyId(text_of(json, names));
}

std::optional<RemoteCheckout> read_checkout(const JsonText& answer) {
    const Json json = read_document(answer);
    RemoteCheckout checkout;
    checkout.id = id_of(json, {"_id", "id", "checkout_id"});
    if (checkout.id.empty()) return std::nullopt;
    checkout.status = text_of(json, {"status"});
    checkout.offer = id_of(json, {"offer_id", "offerId"});
    checkout.customer = id_of(json, {"customer_id", "customerId"});
    checkout.order = id_of(json, {"order_id", "orderId"});
    checkout.total_cents = cents_of(json, {"total_amount", "totalAmount", "total"});
    checkout.currency = text_of(json, {"currency"});
    checkout.checkout_url = text_of(json, {"checkout_url", "checkoutUrl"});
    checkout.expires_at = text_of(json, {"expires_at", "expiresAt"});
    checkout.json = text_form(json);
    return checkout;
}

std::optional<RemoteOrder> read_order(const JsonText& answer) {
    const Json json = read_document(answer);
    RemoteOrder order;
    order.id = id_of(json, {"_id", "id", "order_id", "orderId"});
    if (order.id.empty()) return std::nullopt;
    order.status = text_of(json, {"status"});
    order.payment_status = text_of(json, {"payment_status", "paymentStatus"});
    order.customer = id_of(json, {"customer_id", "customerId"});
    order.total_cents = cents_of(json, {"total_amount", "totalAmount", "total"});
    order.currency = text_of(json, {"currency"});
    order.json = text_form(json);
    return order;
}

}  // namespace

Question<RemoteCheckout> create_checkout(const CheckoutFields& fields) {
    return {make_call("POST", "/checkout/sessions", body_of(fields)), read_checkout};
}

Question<RemoteOrder> complete_checkout(const ClubifyId& id) {
    return {make_call("POST", path_of("checkout", id, "/complete")), read_order};
}

Question<RemoteCheckout> cancel_checkout(const ClubifyId& id) {
    return {make_call("POST", path_of("checkout", id, "/cancel")), read_checkout};
}

Question<RemoteCheckout> get_checkout(const ClubifyId& id) {
    return {get_call(path_of("checkout", id)), read_checkout};
}

}  // namespace vitrine::clubify
