#pragma once

#include "gateways/clubify/question.hpp"

/// What is offered around an offer: order bumps in the checkout, upsells after it, and the flow of
/// the checkout's pages. Empty members are not sent.
namespace vitrine::clubify {

struct OrderBumpFields {
    ClubifyId offer;
    ClubifyId product;
    std::string position =
        "after_products";  // before_payment, in_payment_form, after_customer_info
    std::optional<double> discount_percentage;  // 0–100
    std::optional<std::string> title;
    std::optional<std::string> description;
    std::optional<bool> show_original_price;
    JsonText display_rules;
    JsonText design;
    JsonText pricing;
};

/// A step of the funnel.
struct UpsellFields {
    ClubifyId product;
    std::string type;  // one_time_offer, downsell, cross_sell, subscription_upgrade
    std::optional<std::string> trigger;  // purchase, decline, abandon
    std::optional<std::int64_t> price_cents;
    std::optional<double> discount_percentage;   // 0–100
    std::optional<std::int64_t> sequence_order;  // from 1; the platform's choice: the next
    JsonText conditions;
    JsonText presentation;
};

struct FlowFields {
    std::string name;
    std::optional<std::string> type;  // standard, express, custom
    std::optional<std::string> description;
    JsonText flow_config;
};

/// An order bump or an upsell.
struct RemoteStep {
    ClubifyId id;
    ClubifyId product;
    std::string type;      // of an upsell
    std::string position;  // of an order bump
    std::string status;    // active, inactive, paused
    JsonText json;
};

struct Flow {
    ClubifyId id;
    std::string published_at;  // once published
};

/// The type of an upsell for a step of a funnel (upsell, downsell, cross_sell); others as they are.
std::string upsell_type(std::string_view step_type);

Question<RemoteStep> create_order_bump(const OrderBumpFields& fields);
Question<std::vector<RemoteStep>> list_order_bumps(const ClubifyId& offer);
Question<RemoteStep> create_upsell(const ClubifyId& offer, const UpsellFields& fields);
Question<std::vector<RemoteStep>> list_upsells(const ClubifyId& offer);
Question<Flow> create_flow(const ClubifyId& offer, const FlowFields& fields);
Question<Flow> publish_flow(const ClubifyId& flow);

}  // namespace vitrine::clubify
