#pragma once

#include "gateways/clubify/question.hpp"

namespace vitrine::clubify {

/// `total_cents` is what is charged; without it the platform adds up the prices itself.
struct Pricing {
    std::optional<std::int64_t> subtotal_cents, discount_cents, shipping_cents, tax_cents,
        total_cents;
    std::optional<std::string> currency;
};

/// Empty members are not sent.
struct CheckoutFields {
    ClubifyId offer;
    ClubifyId customer;
    std::optional<Pricing> pricing;
    JsonText metadata;
    JsonText layout;       // of a personalized checkout
    JsonText order_bumps;  // a list
    JsonText ml_insights;
    std::optional<std::chrono::seconds> expires_in;
    UtmParams utm;
};

struct RemoteCheckout {
    ClubifyId id;
    std::string status;  // initiated, active, processing, completed, cancelled, expired, …
    ClubifyId offer;
    ClubifyId customer;
    ClubifyId order;  // once completed
    std::optional<std::int64_t> total_cents;
    std::string currency;
    std::string checkout_url;
    std::string expires_at;
    JsonText json;
};

struct RemoteOrder {
    ClubifyId id;
    std::string status;
    std::string payment_status;
    ClubifyId customer;
    std::optional<std::int64_t> total_cents;
    std::string currency;
    JsonText json;
};

Question<RemoteCheckout> create_checkout(const CheckoutFields& fields);
/// Twice gives the same order; 409 once cancelled or expired.
Question<RemoteOrder> complete_checkout(const ClubifyId& id);
/// 409 once completed.
Question<RemoteCheckout> cancel_checkout(const ClubifyId& id);
Question<RemoteCheckout> get_checkout(const ClubifyId& id);

}  // namespace vitrine::clubify
