#include "queries/sales/best_sellers.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/money.hpp"
#include "projections/offers/reader.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"
#include "queries/sales/series.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::SalesSum;

constexpr std::size_t currency_length = 3;

/// What sold: an offer or a source, and how it did.
struct Seller {
    std::string id;  // of the offer on the platform, or the source; empty: not told
    SalesSum sum;
};

template <class Sales, class IdOf>
std::vector<Seller> sellers_of(const std::vector<Sales>& sales, IdOf id_of) {
    std::vector<Seller> sellers;
    for (const auto& each : sales) sellers.push_back({id_of(each), each});
    return sellers;
}

/// Of each currency.
std::map<std::string, SalesSum> totals_of(const std::vector<Seller>& sellers) {
    std::map<std::string, SalesSum> totals;
    for (const auto& [id, sum] : sellers) {
        auto& total = totals[sum.currency];
        total.orders += sum.orders;
        total.revenue_cents += sum.revenue_cents;
        total.refunds += sum.refunds;
        total.refunded_cents += sum.refunded_cents;
    }
    return totals;
}

/// To a millionth; null: there is nothing to have a share of.
Json share_of(std::int64_t part, std::int64_t whole) {
    constexpr std::int64_t parts = 1'000'000;
    if (whole <= 0) return {};
    const auto ppm = round_div(static_cast<Wide>(part) * parts, whole, Rounding::half_away);
    return ppm ? Json(static_cast<double>(*ppm) / parts) : Json();
}

void put_offer(Json& json, const std::optional<projections::OfferListItem>& offer) {
    json["offer_id"] = offer ? Json(offer->offer_id.str()) : Json();
    json["name"] = offer ? Json(offer->name) : Json();
}

std::vector<Fault> faults_of(const BestSellersParameters& parameters) {
    std::vector<Fault> faults;
    const auto by = parameters.by.value_or("offer");
    if (by == "product") {
        faults.push_back(
            {"/by",
             "unsupported",
             {"the platform's webhooks tell orders by offer, not which products were in them: by "
              "is "
              "offer or source",
              "os webhooks da plataforma contam os pedidos por oferta, não os produtos deles: by é "
              "offer ou source"}}
        );
    } else if (by != "offer" && by != "source") {
        faults.push_back({"/by", "unknown", {"by is offer or source", "by é offer ou source"}});
    }
    if (parameters.currency && parameters.currency->size() != currency_length)
        faults.push_back(
            {"/currency",
             "invalid",
             {"currency is three letters such as BRL", "currency são três letras como BRL"}}
        );
    return faults;
}

}  // namespace

Result best_sellers(
    const ReadSide& reads, const TenantId& tenant, const BestSellersParameters& parameters
) {
    auto faults = faults_of(parameters);
    const auto limit = read_limit(parameters.limit, faults);
    std::optional<AskedDays> asked;
    if (parameters.days.any()) asked = read_days(parameters.days, reads.clock(), faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    auto sales_lease = reads.projections.read_model(sales_model).lease();
    auto offers_lease = reads.projections.read_model(offers_model).lease();
    if (!sales_lease || !offers_lease) return std::unexpected(not_ready());
    projections::SalesReader sales(*std::move(sales_lease));
    projections::OffersReader offers(*std::move(offers_lease));

    const auto by = parameters.by.value_or("offer");
    const bool by_offer = by == "offer";
    const auto days = asked ? std::optional(asked->days) : std::nullopt;
    auto sellers = by_offer ? sellers_of(
                                  sales.by_offer(tenant, days),
                                  [](const auto& each) { return each.clubify_offer_id.str(); }
                              )
                            : sellers_of(sales.by_source(tenant, days), [](const auto& each) {
                                  return each.source;
                              });
    if (parameters.currency) {
        std::erase_if(sellers, [&](const Seller& seller) {
            return seller.sum.currency != *parameters.currency;
        });
    }
    const auto totals = totals_of(sellers);
    std::ranges::sort(sellers, [](const Seller& a, const Seller& b) {
        return std::tuple(-a.sum.revenue_cents, a.sum.currency, a.id) <
               std::tuple(-b.sum.revenue_cents, b.sum.currency, b.id);
    });
    if (sellers.size() > limit) sellers.resize(limit);

    Json json;
    json["by"] = by;
    if (asked) {
        put_days(json, *asked);
    } else {
        const auto sold = sales.sold_days(tenant, std::nullopt);
        json["period"] = Json();
        json["from"] = text_or_null(sold.first);
        json["to"] = text_or_null(sold.last);
        json["time_zone"] = tenant_zone_name();
    }
    json["items"] = Json::array();
    for (const auto& [id, sum] : sellers) {
        Json item;
        if (by_offer) {
            put_offer(item, offers.find_listed(tenant, ClubifyId(id)));
            item["clubify_offer_id"] = text_or_null(id);
        } else {
            item["source"] = text_or_null(id);
        }
        item["currency"] = text_or_null(sum.currency);
        put_sum(item, sum);
        item["share"] = share_of(sum.revenue_cents, totals.at(sum.currency).revenue_cents);
        json["items"].push_back(std::move(item));
    }
    json["totals"] = Json::array();
    for (const auto& [currency, sum] : totals) {
        auto& total = json["totals"].emplace_back();
        total["currency"] = text_or_null(currency);
        put_sum(total, sum);
    }
    Answer answer;
    answer.position = by_offer ? std::min(sales.position(), offers.position()) : sales.position();
    json["position"] = *answer.position;
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
