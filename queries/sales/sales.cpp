#include "queries/sales/sales.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/offers/reader.hpp"
#include "projections/sales/projector.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/sales/series.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

/// Of days without a sale: what was sold in last. Empty: it was in several, or in none.
std::string usual_currency(
    projections::SalesReader& reader, const TenantId& tenant, const projections::SoldDays& sold
) {
    const auto day = parse_day(sold.last);
    if (!day) return {};
    const auto sales = reader.by_day(tenant, std::nullopt, {*day, *day});
    const auto& first = sales.front().currency;
    const bool is_one =
        std::ranges::all_of(sales, [&](const auto& each) { return each.currency == first; });
    return is_one ? first : std::string();
}

}  // namespace

Result sales(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::optional<OfferId>& offer,
    const DaysParameters& parameters
) {
    std::vector<Fault> faults;
    const auto asked = read_days(parameters, reads.clock(), faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    std::optional<projections::OfferDetail> found;
    std::optional<ClubifyId> clubify_offer;
    if (offer) {
        auto lease = reads.projections.read_model(offers_model).lease();
        if (!lease) return std::unexpected(not_ready());
        found = projections::OffersReader(std::move(*lease)).find(tenant, *offer);
        if (!found)
            return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));
        clubify_offer = found->clubify_offer_id;
    }
    auto lease = reads.projections.read_model(sales_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::SalesReader reader(std::move(*lease));
    const auto sales = reader.by_day(tenant, clubify_offer, asked.days);
    const auto sold = reader.sold_days(tenant, clubify_offer);
    const auto window = window_of(asked.days, projections::sales_zone());
    const auto now = reads.clock();

    Json json;
    if (offer) {
        json["offer_id"] = offer->str();
        json["name"] = found->name;
    }
    put_days(json, asked);
    json["period_start"] = format_time(window.begin);
    json["period_end"] = format_time(std::max(window.begin, std::min(window.end, now)));
    json["first_day"] = text_or_null(sold.first);
    json["last_day"] = text_or_null(sold.last);
    json["totals"] = totals_json(sales);
    const auto usual = found ? found->currency : usual_currency(reader, tenant, sold);
    json["days"] = days_json(sales, asked.days, usual);
    json["position"] = reader.position();
    Answer answer;
    answer.body = json.dump();
    answer.position = reader.position();
    return answer;
}

}  // namespace vitrine::queries
