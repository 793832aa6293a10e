#include "api/http/money_metrics.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "projections/listed.hpp"
#include "queries/checkouts/checkouts.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::json;

template <class Counts>
std::vector<Sample> samples_of(const char* label, const Counts& counts) {
    std::vector<Sample> samples;
    for (const auto& [value, count] : counts)
        samples.push_back({{{label, value}}, static_cast<double>(count)});
    return samples;
}

/// Refunds have a step each.
std::string kind_of(const std::string& step) {
    return step.starts_with("refund-") ? "refund" : step;
}

struct Waiting {
    std::map<std::string, std::int64_t> steps, cents;  // by step; by currency
    double oldest_seconds = 0;

    void add(const Json& checkout, Timestamp now) {
        cents[checkout.at("currency").get<std::string>()] +=
            checkout.at("at_risk_cents").get<std::int64_t>();
        for (const auto& blocked : checkout.at("blocked")) {
            ++steps[kind_of(blocked.at("step").get<std::string>())];
            const auto since = parse_time(blocked.at("since").get<std::string>()).value_or(now);
            const std::chrono::duration<double> age = now - since;
            oldest_seconds = std::max(oldest_seconds, age.count());
        }
    }
};

}  // namespace

std::vector<prometheus::MetricFamily> money_metrics(const queries::ReadSide& reads) {
    auto lease = reads.projections.read_model(queries::checkouts_model).lease();
    if (!lease) return {};
    projections::ListedReader rows(*std::move(lease), queries::checkouts_model);
    Waiting waiting;
    const auto now = reads.clock();
    for (const auto& body : rows.bodies_with("at_risk")) waiting.add(Json::parse(body), now);
    return {
        gauge_family(
            "vitrine_checkouts_waiting",
            "Steps of checkouts that wait for a person.",
            samples_of("step", waiting.steps)
        ),
        gauge_family(
            "vitrine_checkouts_oldest_waiting_seconds",
            "How long the oldest of them waits; 0: there is none.",
            {{{}, waiting.oldest_seconds}}
        ),
        gauge_family(
            "vitrine_money_at_risk_cents",
            "What is at risk with them, in the currency's smallest unit.",
            samples_of("currency", waiting.cents)
        ),
        gauge_family(
            "vitrine_checkouts_declined",
            "Checkouts whose charge was declined, by the code of the last time.",
            samples_of("code", rows.counts_by("decline_code"))
        ),
    };
}

}  // namespace vitrine::api
