#pragma once

#include "gateways/clubify/question.hpp"

/// Figures of a whole business. What the platform does not give is nullopt.
namespace vitrine::clubify {

struct BusinessMetrics {
    std::string period_start, period_end;  // as the platform gave them
    std::string currency;
    std::optional<std::int64_t> monthly_recurring_revenue_cents;
    std::optional<std::int64_t> annual_recurring_revenue_cents;
    std::optional<std::int64_t> customer_acquisition_cost_cents;
    std::optional<std::int64_t> average_lifetime_value_cents;
    std::optional<double> churn_rate;  // 0–1
    std::optional<std::int64_t> revenue_cents;
    std::optional<std::int64_t> orders;
    std::optional<std::int64_t> average_order_value_cents;
    std::optional<std::int64_t> new_customers;
    std::optional<std::int64_t> views;
    std::optional<std::int64_t> conversions;
    std::optional<double> conversion_rate;  // 0–1
    JsonText json;
};

struct CohortQuestion {
    std::string period = "monthly";    // weekly, monthly, quarterly
    std::string start_date, end_date;  // "2024-01-31"; empty: not sent
    std::vector<std::string> metrics;  // of retention, revenue, ltv; empty: all
};

/// By month (or week, or quarter) of the first order. Each list counts periods from that; nullopt:
/// not over yet.
struct Cohort {
    std::string name;  // "2024-01"
    std::int64_t size = 0;
    std::vector<std::optional<double>> retention;  // 0–1
    std::vector<std::optional<std::int64_t>> revenue_cents;
    std::vector<std::optional<std::int64_t>> lifetime_value_cents;
};

struct Cohorts {
    std::string period;
    std::vector<Cohort> cohorts;
    JsonText json;
};

struct ChurnAnalysis {
    struct Segment {
        std::string name;
        std::optional<double> churn_rate;  // 0–1
        std::optional<std::int64_t> customers;
    };
    struct AtRisk {
        ClubifyId customer;
        std::optional<double> churn_probability;  // 0–1
        std::string segment;
    };
    std::optional<double> overall_rate;  // 0–1
    std::vector<Segment> segments;
    std::vector<AtRisk> at_risk;
    JsonText json;
};

struct Prediction {
    struct Month {
        std::string month;                          // "2024-01"
        std::optional<double> value, lower, upper;  // cents, heads or a fraction, by the type
        std::optional<double> confidence;           // 0–1
    };
    std::string type, horizon;
    std::optional<double> current;
    std::vector<Month> months;
    JsonText json;
};

/// `type`: all, revenue, orders, conversion, subscriptions; empty: all.
Question<BusinessMetrics> business_metrics(std::string_view period, std::string_view type = {});
Question<Cohorts> cohort_analysis(const CohortQuestion& question);
Question<ChurnAnalysis> churn_analysis(const std::vector<std::string>& include_features = {});
/// `type`: revenue, customer_growth, churn, seasonal; `horizon`: 1_month, 3_months, …
Question<Prediction> predictions(std::string_view type, std::string_view horizon);

}  // namespace vitrine::clubify
