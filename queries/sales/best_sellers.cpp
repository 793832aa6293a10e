#include "queries/sales/best_sellers.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "core/money.hpp"
#include "projections/offers/reader.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"
#include "queries/sales/currency_order.hpp"
#include "queries/sales/series.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::ListKey;
using projections::SalesSum;

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
    if (parameters.currency && !Currency::find(*parameters.currency))
        faults.push_back(
            {"/currency",
             "unknown",
             {"currency is a code of ISO 4217 in capital letters, such as BRL",
              "currency é um código da ISO 4217 em letras maiúsculas, como BRL"}}
        );
    return faults;
}

ListKey place_of(const Seller& seller) {
    return {seller.sum.currency, seller.sum.revenue_cents, seller.id};
}

/// As its cursors name it.
std::string list_name(const BestSellersParameters& parameters) {
    return "best-sellers by " + parameters.by.value_or("offer") + ' ' +
           parameters.currency.value_or("");
}

/// Of which days, and after which item.
struct Request {
    std::optional<AskedDays> asked;
    std::optional<ListKey> after;
};

Request read_request(
    const ReadSide& reads, const BestSellersParameters& parameters, std::vector<Fault>& faults
) {
    Request request;
    if (parameters.days.any()) request.asked = read_days(parameters.days, reads.clock(), faults);
    if (!parameters.cursor) return request;
    const auto cursor = decode_revenue_cursor(*parameters.cursor);
    const auto period = request.asked ? platform_period(*request.asked) : std::string();
    if (!cursor || cursor->list != list_name(parameters) || cursor->period != period) {
        faults.push_back(
            {"/cursor",
             "invalid",
             {"cursor is not the next_cursor of a page with the same by, currency and days",
              "cursor não é o next_cursor de uma página com os mesmos by, currency e dias"}}
        );
        return request;
    }
    // The days of the first page, though midnight may have passed since.
    if (request.asked && cursor->days) request.asked->days = *cursor->days;
    request.after = cursor->key;
    return request;
}

}  // namespace

Result best_sellers(
    const ReadSide& reads, const TenantId& tenant, const BestSellersParameters& parameters
) {
    auto faults = faults_of(parameters);
    const auto limit = read_limit(parameters.limit, faults);
    const auto request = read_request(reads, parameters, faults);
    const auto& asked = request.asked;
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
    CurrencyOrder currencies;
    for (const auto& seller : sellers) currencies.add(seller.sum);
    const auto is_before = [&currencies](const ListKey& a, const ListKey& b) {
        if (a.text != b.text) return currencies.is_before(a.text, b.text);
        return std::tie(b.number, a.id) < std::tie(a.number, b.id);
    };
    std::ranges::sort(sellers, is_before, place_of);
    if (request.after)
        sellers.erase(
            sellers.begin(), std::ranges::upper_bound(sellers, *request.after, is_before, place_of)
        );
    const bool more = sellers.size() > limit;
    if (more) sellers.resize(limit);

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
    if (more) {
        answer.next_cursor = encode_revenue_cursor(
            {list_name(parameters),
             asked ? platform_period(*asked) : std::string(),
             days,
             place_of(sellers.back())}
        );
    }
    json["next_cursor"] = more ? Json(answer.next_cursor) : Json();
    answer.position = by_offer ? std::min(sales.position(), offers.position()) : sales.position();
    json["position"] = *answer.position;
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
