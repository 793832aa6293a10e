#include "queries/offers/offer_analytics.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "core/async.hpp"
#include "core/time.hpp"
#include "projections/offer_analytics/reader.hpp"
#include "projections/offers/reader.hpp"
#include "projections/price_history/reader.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/live_json.hpp"
#include "queries/offers/missing_version.hpp"
#include "queries/parameters.hpp"
#include "queries/sales/series.hpp"
#include "store/read.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::OfferFigures;
using projections::PriceEntry;

constexpr std::array<std::string_view, 3> parts = {"conversion_rate", "revenue", "traffic"};
constexpr std::chrono::milliseconds catch_up_limit{2000};
constexpr std::size_t price_limit = 1000;

std::vector<std::string> read_include(
    const std::optional<std::string>& include, std::vector<Fault>& faults
) {
    if (!include) return {};
    auto wanted = split_list(*include);
    for (const auto& part : wanted) {
        if (std::ranges::find(parts, part) != parts.end()) continue;
        faults.push_back(
            {"/include",
             "unknown",
             {"include is a list of conversion_rate, revenue, traffic",
              "include é uma lista de conversion_rate, revenue, traffic"}}
        );
        break;
    }
    return wanted;
}

double seconds(std::int64_t microseconds) {
    return static_cast<double>(microseconds) / 1e6;
}

/// What products are called now, by the platform's ids.
using Names = std::map<std::string, std::string>;

Json price_json(const PriceEntry& entry, const Names& names) {
    Json json;
    json["product_id"] = entry.product_id.empty() ? Json() : Json(entry.product_id);
    json["clubify_product_id"] = entry.clubify_product_id;
    const auto name = names.find(entry.clubify_product_id);
    json["name"] = name == names.end() ? Json() : Json(name->second);
    json["price_cents"] = entry.price_cents ? Json(*entry.price_cents) : Json();
    json["effective_cents"] = entry.effective_cents ? Json(*entry.effective_cents) : Json();
    json["currency"] = entry.currency.empty() ? Json() : Json(entry.currency);
    json["since"] = format_time(entry.since);
    json["position"] = entry.position;
    return json;
}

/// Seconds in each status, the present one up to `now`.
Json status_seconds(const OfferFigures& figures, Timestamp now) {
    Json json;
    json["draft"] = seconds(figures.draft_us);
    json["active"] = seconds(figures.active_us);
    json["paused"] = seconds(figures.paused_us);
    json["archived"] = seconds(figures.archived_us);
    const auto present = std::max<std::int64_t>((now - figures.status_since).count(), 0);
    json[figures.status] = json[figures.status].get<double>() + seconds(present);
    return json;
}

/// nullopt: some are missing, so that none are told.
using Prices = std::optional<std::vector<PriceEntry>>;

Json price_list(const Prices& prices, const Names& names) {
    if (!prices) return {};
    auto list = Json::array();
    for (const auto& entry : *prices) list.push_back(price_json(entry, names));
    return list;
}

Json read_model_json(
    const OfferFigures& figures, const Prices& prices, const Names& names, Timestamp now
) {
    Json json;
    json["version"] = figures.version;
    json["product_count"] = figures.product_count;
    json["revisions"] = figures.revisions;
    json["status"] = figures.status;
    json["status_since"] = format_time(figures.status_since);
    json["seconds_in_status"] = status_seconds(figures, now);
    json["price_history"] = price_list(prices, names);
    auto& failures = json["failures"];
    failures["count"] = figures.failure_count;
    failures["by_type"] = Json::parse(figures.failures_by_type.text);
    failures["last"] =
        figures.last_failure.empty() ? Json() : Json::parse(figures.last_failure.text);
    return json;
}

struct ReadPart {
    std::optional<OfferFigures> figures;
    Prices prices;  // the latest `price_limit`
    Position position = 0;
    bool tells_the_past = false;  // no figures then means that there was no offer
};

Prices read_prices(
    projections::PriceHistoryReader& history,
    const TenantId& tenant,
    const OfferId& id,
    std::optional<Position> upto = std::nullopt
) {
    const auto parked = history.parked_from(tenant);
    if (parked && *parked <= upto.value_or(*parked)) return std::nullopt;
    return history.prices(tenant, id, upto, price_limit);
}

/// Why the offer's last event of then is not in the figures. Where reads of the log may block.
std::optional<QueryError> why_parked(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    Position at,
    const std::optional<OfferFigures>& figures
) {
    const auto last = last_event_of(reads, tenant, id, at);
    if (!last || (figures && figures->version == last->version)) return std::nullopt;
    auto error = why_missing(reads, analytics_model, *last);
    if (error.kind == QueryError::Kind::given_up) return std::nullopt;
    return error;
}

ReadPart read_part(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const std::optional<projections::Moment>& at
) {
    ReadPart part;
    auto lease = reads.projections.read_model(analytics_model).lease();
    auto price_lease = reads.projections.read_model(price_history_model).lease();
    if (!lease || !price_lease) return part;
    projections::AnalyticsReader analytics(std::move(*lease));
    projections::PriceHistoryReader history(std::move(*price_lease));
    if (at) {
        part.position = at->position;
        part.tells_the_past =
            analytics.can_tell(at->position) && history.position() >= at->position;
        if (!part.tells_the_past) return part;
        part.figures = analytics.find_at(tenant, id, at->position);
        part.prices = read_prices(history, tenant, id, at->position);
        return part;
    }
    if (!history.knows(tenant, id)) return part;
    part.figures = analytics.find(tenant, id);
    part.prices = read_prices(history, tenant, id);
    part.position = std::min(analytics.position(), history.position());
    return part;
}

Names names_of(const ReadSide& reads, const TenantId& tenant, const Prices& prices) {
    Names names;
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease || !prices) return names;
    projections::OffersReader offers(*std::move(lease));
    for (const auto& entry : *prices) {
        const auto& id = entry.clubify_product_id;
        if (names.contains(id)) continue;
        if (const auto product = offers.product(tenant, entry.product_id, id))
            names.emplace(id, product->name);
    }
    return names;
}

/// null: what was sold is not told of the past, or not there yet.
Json sales_json(
    const ReadSide& reads,
    const TenantId& tenant,
    const projections::OfferDetail& offer,
    const Days& days,
    Position& position
) {
    auto lease = reads.projections.read_model(sales_model).lease();
    if (!lease) return {};
    projections::SalesReader reader(*std::move(lease));
    position = std::min(position, reader.position());
    const auto sales = reader.by_day(tenant, offer.clubify_offer_id, days);
    const auto sold = reader.sold_days(tenant, offer.clubify_offer_id);
    Json json;
    json["first_day"] = text_or_null(sold.first);
    json["last_day"] = text_or_null(sold.last);
    json["totals"] = totals_json(sales);
    json["days"] = days_json(sales, days, offer.currency);
    return json;
}

std::optional<projections::OfferDetail> find_offer(
    projections::Lease lease, const TenantId& tenant, const OfferId& id
) {
    projections::OffersReader offers(std::move(lease));
    return offers.find(tenant, id);
}

boost::asio::awaitable<Result> merged(
    const ReadSide* reads,
    LiveMetrics* live,
    TenantId tenant,
    OfferId id,
    AnalyticsParameters parameters
) {
    std::vector<Fault> faults;
    const auto asked = read_days(parameters.days, reads->clock(), faults);
    const auto include = read_include(parameters.include, faults);
    std::optional<projections::Moment> at;
    if (const auto& as_of = parameters.as_of) {
        if (*as_of) {
            at = **as_of;
        } else {
            if (as_of->error().faults.empty()) co_return std::unexpected(as_of->error());
            std::ranges::copy(as_of->error().faults, std::back_inserter(faults));
        }
    }
    if (!faults.empty()) co_return std::unexpected(invalid(std::move(faults)));
    auto lease = reads->projections.read_model(offers_model).lease();
    if (!lease) co_return std::unexpected(not_ready());
    const auto offer = find_offer(std::move(*lease), tenant, id);
    if (!offer)
        co_return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));

    // The platform works on its part while ours is read.
    ReadPart part;
    const auto both = [&](Completion<LiveFigures> done) {
        const auto period = platform_period(asked);
        live->ask(tenant, offer->clubify_offer_id, period, include, std::move(done));
        part = read_part(*reads, tenant, id, at);
    };
    const auto figures = co_await wait_for_completion<LiveFigures>(both);
    if (!part.figures && !part.tells_the_past) {
        // Read models run apart: one of these has not met the offer yet.
        const auto deadline = std::chrono::steady_clock::now() + catch_up_limit;
        const auto wanted = at ? at->position : offer->position;
        for (const auto* name : {analytics_model, price_history_model}) {
            std::string model = name;
            co_await reads->projections.wait_until(std::move(model), wanted, deadline);
        }
        part = read_part(*reads, tenant, id, at);
    }
    if (at && part.tells_the_past) {
        auto parked = co_await store::read(reads->store, [&] {
            return why_parked(*reads, tenant, id, at->position, part.figures);
        });
        if (parked) co_return std::unexpected(*std::move(parked));
    }
    if (!part.figures && part.tells_the_past)
        co_return std::unexpected(
            not_found({"there was no such offer then", "esta oferta não existia então"})
        );
    if (!part.figures) co_return std::unexpected(not_ready());

    Json json;
    json["offer_id"] = id.str();
    json["name"] = offer->name;
    put_days(json, asked);
    json["read_model"] = read_model_json(
        *part.figures,
        part.prices,
        names_of(*reads, tenant, part.prices),
        at ? at->time : reads->clock()
    );
    json["sales"] = at ? Json() : sales_json(*reads, tenant, *offer, asked.days, part.position);
    json["live"] = live_json(figures, include, asked, parameters.language);
    json["position"] = part.position;
    Answer answer;
    answer.position = part.position;
    if (!figures.reason.empty()) answer.language = parameters.language;
    answer.body = json.dump();
    co_return answer;
}

}  // namespace

boost::asio::awaitable<Result> offer_analytics(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    OfferId id,
    AnalyticsParameters parameters
) {
    return merged(&reads, &live, std::move(tenant), std::move(id), std::move(parameters));
}

}  // namespace vitrine::queries
