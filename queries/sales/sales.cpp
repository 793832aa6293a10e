#include "queries/sales/sales.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/offers/reader.hpp"
#include "projections/sales/projector.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::DaySales;

struct Sum {
    std::int64_t orders = 0, revenue_cents = 0, refunds = 0, refunded_cents = 0;

    void add(const DaySales& sales) {
        orders += sales.orders;
        revenue_cents += sales.revenue_cents;
        refunds += sales.refunds;
        refunded_cents += sales.refunded_cents;
    }

    void put_into(Json& json) const {
        json["orders"] = orders;
        json["revenue_cents"] = revenue_cents;
        json["refunds"] = refunds;
        json["refunded_cents"] = refunded_cents;
        json["net_cents"] = revenue_cents - refunded_cents;
    }
};

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json totals_of(const std::vector<DaySales>& sales) {
    std::map<std::string, Sum> by_currency;
    for (const auto& each : sales) by_currency[each.currency].add(each);
    Json totals = Json::array();
    for (const auto& [currency, sum] : by_currency) {
        auto& total = totals.emplace_back();
        total["currency"] = text_or_null(currency);
        sum.put_into(total);
    }
    return totals;
}

/// `sales` is in the order of day and currency.
Json days_of(const std::vector<DaySales>& sales) {
    Json days = Json::array();
    for (auto first = sales.begin(); first != sales.end();) {
        const auto last = std::find_if(first, sales.end(), [&](const DaySales& each) {
            return each.day != first->day || each.currency != first->currency;
        });
        Sum sum;
        Json sources = Json::array();
        for (const auto& each : std::ranges::subrange(first, last)) {
            sum.add(each);
            Sum of_source;
            of_source.add(each);
            auto& source = sources.emplace_back();
            source["source"] = text_or_null(each.source);
            of_source.put_into(source);
        }
        auto& day = days.emplace_back();
        day["day"] = first->day;
        day["currency"] = text_or_null(first->currency);
        sum.put_into(day);
        day["by_source"] = std::move(sources);
        first = last;
    }
    return days;
}

}  // namespace

Result sales(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::optional<OfferId>& offer,
    const std::optional<std::string>& period
) {
    std::vector<Fault> faults;
    const auto name = read_period(period, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    std::optional<ClubifyId> clubify_offer;
    if (offer) {
        auto lease = reads.projections.read_model(offers_model).lease();
        if (!lease) return std::unexpected(not_ready());
        const auto found = projections::OffersReader(std::move(*lease)).find(tenant, *offer);
        if (!found)
            return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));
        clubify_offer = found->clubify_offer_id;
    }
    auto lease = reads.projections.read_model(sales_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::SalesReader reader(std::move(*lease));
    const auto& zone = projections::sales_zone();
    const auto days = days_of(*parse_period(name), zone.day_of(reads.clock()));
    const auto window = window_of(days, zone);
    const auto sales = reader.by_day(tenant, clubify_offer, window);

    Json json;
    if (offer) json["offer_id"] = offer->str();
    json["period"] = name;
    json["period_start"] = format_time(window.begin);
    json["period_end"] = format_time(window.end);
    json["totals"] = totals_of(sales);
    json["days"] = days_of(sales);
    json["position"] = reader.position();
    Answer answer;
    answer.body = json.dump();
    answer.position = reader.position();
    return answer;
}

}  // namespace vitrine::queries
