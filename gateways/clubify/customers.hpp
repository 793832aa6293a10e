#pragma once

#include "gateways/clubify/question.hpp"

namespace vitrine::clubify {

/// Empty members are not sent.
struct CustomerFields {
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> phone;
    std::optional<std::string> document;
    std::optional<std::string> document_type;  // cpf, cnpj
    std::vector<std::string> tags;
    JsonText address;
    std::optional<std::string> source;
    std::optional<std::string> crm_id;
    std::optional<std::string> last_crm_sync;  // RFC 3339
    JsonText metadata;
};

struct RemoteCustomer {
    ClubifyId id;
    std::string name;
    std::string email;
    std::string phone;
    std::string status;  // active, inactive, suspended, deleted
    std::vector<std::string> tags;
    std::optional<std::int64_t> total_spent_cents;
    std::optional<std::int64_t> total_orders;
    std::vector<std::string> segments;  // when asked for
    Mark mark;
    JsonText json;
};

struct CustomerMetrics {
    struct Segment {
        std::string date;
        std::string segment;
    };
    std::optional<std::int64_t> lifetime_value_cents;
    std::optional<std::int64_t> average_order_value_cents;
    std::optional<std::int64_t> total_orders;
    std::optional<double> purchase_frequency;  // orders in 30 days
    std::optional<double> churn_probability;   // 0–1
    std::vector<Segment> segment_evolution;
    JsonText json;
};

Question<RemoteCustomer> find_customer_by_email(std::string_view email);
Question<RemoteCustomer> create_customer(const CustomerFields& fields);
Question<RemoteCustomer> update_customer(const ClubifyId& id, const CustomerFields& fields);
/// `include`: of orders.items.product, analytics, segments.
Question<RemoteCustomer> get_customer(
    const ClubifyId& id, const std::vector<std::string>& include = {}
);
/// `include` empty: everything.
Question<CustomerMetrics> customer_metrics(
    const ClubifyId& id, const std::vector<std::string>& include = {}
);

}  // namespace vitrine::clubify
