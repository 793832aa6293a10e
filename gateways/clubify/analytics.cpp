#include "gateways/clubify/analytics.hpp"

#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/units.hpp"

namespace vitrine::clubify {
namespace {

template <class T>
std::vector<std::optional<T>> each_of(
    const Json& object, const char* name, std::optional<T> (*read)(const Json&)
) {
    std::vector<std::optional<T>> values;
    const Json* list = find(object, {name});
    if (list == nullptr || !list->is_array()) return values;
    for (const Json& each : *list) values.push_back(read(each));
    return values;
}

std::optional<std::int64_t> cents(const Json& value) {
    return cents_of(Json::object({{"cents", value}}), {"cents"});
}

std::optional<BusinessMetrics> read_metrics(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    BusinessMetrics metrics;
    metrics.period_start = text_of(json, {"period_start"});
    metrics.period_end = text_of(json, {"period_end"});
    metrics.currency = text_of(json, {"currency"});
    metrics.monthly_recurring_revenue_cents = cents_of(json, {"monthly_recurring_revenue", "mrr"});
    metrics.annual_recurring_revenue_cents = cents_of(json, {"annual_recurring_revenue", "arr"});
    metrics.customer_acquisition_cost_cents = cents_of(json, {"customer_acquisition_cost", "cac"});
    metrics.average_lifetime_value_cents =
        cents_of(json, {"average_lifetime_value", "customer_lifetime_value"});
    metrics.churn_rate = fraction_of(json, {"churn_rate"});
    metrics.revenue_cents = cents_of(json, {"revenue", "total_revenue"});
    metrics.orders = integer_of(json, {"orders", "transaction_count"});
    metrics.average_order_value_cents = cents_of(json, {"average_order_value"});
    metrics.new_customers = integer_of(json, {"new_customers"});
    metrics.views = integer_of(json, {"views"});
    metrics.conversions = integer_of(json, {"conversions"});
    metrics.conversion_rate = fraction_of_percent(json, {"conversion_rate"});
    metrics.json = text_form(json);
    return metrics;
}

std::optional<Cohorts> read_cohorts(const JsonText& answer) {
    const Json json = read_document(answer);
    const Json* by_name = find(json, {"cohorts"});
    if (by_name == nullptr || !by_name->is_object()) return std::nullopt;
    Cohorts result;
    result.period = text_of(json, {"period"});
    for (const auto& [name, each] : by_name->items()) {
        Cohort cohort;
        cohort.name = name;
        cohort.size = integer_of(each, {"size"}).value_or(0);
        cohort.retention = each_of(each, "retention", percent_as_fraction);
        cohort.revenue_cents = each_of(each, "revenue", cents);
        cohort.lifetime_value_cents = each_of(each, "ltv", cents);
        result.cohorts.push_back(std::move(cohort));
    }
    result.json = text_form(json);
    return result;
}

std::optional<ChurnAnalysis> read_churn(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    ChurnAnalysis churn;
    churn.overall_rate = fraction_of(json, {"overall_rate", "overall_churn_rate"});
    if (const Json* segments = find(json, {"segments"}); segments && segments->is_object()) {
        for (const auto& [name, each] : segments->items()) {
            churn.segments.push_back(
                {name, fraction_of(each, {"churn_rate"}), integer_of(each, {"customers"})}
            );
        }
    }
    if (const Json* at_risk = find(json, {"at_risk_customers"}); at_risk && at_risk->is_array()) {
        for (const Json& each : *at_risk) {
            churn.at_risk.push_back(
                {ClubifyId(text_of(each, {"customer_id"})),
                 fraction_of(each, {"churn_probability"}),
                 text_of(each, {"segment"})}
            );
        }
    }
    churn.json = text_form(json);
    return churn;
}

std::optional<Prediction> read_prediction(const JsonText& answer) {
    const Json json = read_document(answer);
    const Json* months = find(json, {"projections"});
    if (months == nullptr || !months->is_array()) return std::nullopt;
    Prediction prediction;
    prediction.type = text_of(json, {"type"});
    prediction.horizon = text_of(json, {"horizon"});
    prediction.current = number_of(json, {"current"});
    for (const Json& each : *months) {
        Prediction::Month month;
        month.month = text_of(each, {"month"});
        month.value = number_of(each, {"value"});
        month.lower = number_of(each, {"lower"});
        month.upper = number_of(each, {"upper"});
        month.confidence = fraction_of_percent(each, {"confidence"});
        prediction.months.push_back(std::move(month));
    }
    prediction.json = text_form(json);
    return prediction;
}

}  // namespace

Question<BusinessMetrics> business_metrics(std::string_view period, std::string_view type) {
    std::string path = "/analytics/metrics";
    add_query(path, "period", period);
    add_query(path, "type", type);
    return {get_call(std::move(path)), read_metrics};
}

Question<Cohorts> cohort_analysis(const CohortQuestion& question) {
    std::string path = "/analytics/cohort";
    add_query(path, "period", question.period);
    add_query(path, "start_date", question.start_date);
    add_query(path, "end_date", question.end_date);
    add_query(path, "metrics", question.metrics);
    return {get_call(std::move(path)), read_cohorts};
}

Question<ChurnAnalysis> churn_analysis(const std::vector<std::string>& include_features) {
    std::string path = "/analytics/churn";
    add_query(path, "include_features", include_features);
    return {get_call(std::move(path)), read_churn};
}

Question<Prediction> predictions(std::string_view type, std::string_view horizon) {
    std::string path = "/analytics/predictions/" + net::percent_encode(type);
    add_query(path, "horizon", horizon);
    return {get_call(std::move(path)), read_prediction};
}

}  // namespace vitrine::clubify
