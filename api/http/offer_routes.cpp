#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "commands/json.hpp"
#include "queries/at_least.hpp"
#include "queries/offers/checkout_url.hpp"
#include "queries/offers/get_offer.hpp"
#include "queries/offers/list_offers.hpp"
#include "queries/offers/offer_analytics.hpp"
#include "queries/offers/offer_history.hpp"
#include "queries/offers/offers_performance.hpp"
#include "queries/offers/told_facts.hpp"
#include "queries/parameters.hpp"
#include "queries/stock/available.hpp"

namespace vitrine::api {
namespace {

using queries::Result;
using Waiting = boost::asio::awaitable<Result>;

OfferId offer_of(const Call& call) {
    return OfferId(call.captures.front());
}

Result get_offer(Backend& backend, const Call& call) {
    const auto& tenant = call.principal.tenant;
    if (!call.as_of) {
        return queries::with_available_in_offer(
            backend.reads, tenant, queries::get_offer(backend.reads, tenant, offer_of(call))
        );
    }
    const auto get_past_offer = call.parameter("as_of_version") ? queries::get_offer_as_of_version
                                                                : queries::get_offer_as_of;
    return get_past_offer(backend.reads, tenant, offer_of(call), *call.as_of);
}

bool wants_sales(const Call& call) {
    return queries::wants_sales(list_parameters(call));
}

/// Parameters of the list, which the one offer of a slug is not.
std::vector<Fault> beside_slug(const Call& call) {
    std::vector<Fault> faults;
    for (const auto& [name, value] : call.query) {
        if (name == "slug" || name == "as_of" || name == "at_least") continue;
        faults.push_back(
            {"/" + name,
             "conflict",
             phrase(
                 "{} cannot be given together with slug",
                 "{} não pode ser dado junto com slug",
                 name
             )}
        );
    }
    return faults;
}

Result list_offers(Backend& backend, const Call& call) {
    const auto& tenant = call.principal.tenant;
    if (const auto slug = call.parameter("slug")) {
        if (auto faults = beside_slug(call); !faults.empty())
            return std::unexpected(queries::invalid(std::move(faults)));
        if (call.as_of)
            return queries::get_offer_by_slug_as_of(backend.reads, tenant, *slug, *call.as_of);
        return queries::with_available_in_offer(
            backend.reads, tenant, queries::get_offer_by_slug(backend.reads, tenant, *slug)
        );
    }
    return queries::list_offers(backend.reads, tenant, list_parameters(call));
}

Result offer_history(Backend& backend, const Call& call) {
    return queries::offer_history(
        backend.reads,
        call.principal.tenant,
        offer_of(call),
        {call.parameter("limit"), call.parameter("cursor")}
    );
}

Waiting offer_analytics(Backend& backend, const Call& call) {
    return queries::offer_analytics(
        backend.reads,
        backend.live,
        call.principal.tenant,
        offer_of(call),
        {days_of(call), call.parameter("include"), call.as_of, call.language}
    );
}

constexpr std::size_t ids_in_url = 100, ids_in_body = 1000;

Waiting offers_performance(Backend& backend, const Call& call) {
    return queries::offers_performance(
        backend.reads,
        backend.live,
        call.principal.tenant,
        queries::split_list(call.parameter("ids").value_or("")),
        ids_in_url,
        days_of(call),
        call.language
    );
}

Waiting performance_of_many(Backend& backend, const Call& call) {
    const auto& body = *call.body;
    return queries::offers_performance(
        backend.reads,
        backend.live,
        call.principal.tenant,
        body.at("ids").get<std::vector<std::string>>(),
        ids_in_body,
        {commands::text_member(body, "period"),
         commands::text_member(body, "from"),
         commands::text_member(body, "to")},
        call.language
    );
}

Waiting checkout_url(Backend& backend, const Call& call) {
    const auto text = [&call](std::string_view name) { return call.parameter(name).value_or(""); };
    return queries::checkout_url(
        backend.reads,
        backend.live,
        call.principal.tenant,
        offer_of(call),
        {text("utm_source"),
         text("utm_medium"),
         text("utm_campaign"),
         text("utm_term"),
         text("utm_content")}
    );
}

constexpr const char* offers[] = {queries::offers_model};
constexpr const char* offer_versions[] = {queries::offer_versions_model};
constexpr const char* sales_models[] = {queries::sales_model};
constexpr const char* analytics[] = {
    queries::offers_model,
    queries::analytics_model,
    queries::price_history_model,
    queries::sales_model
};
constexpr const char* past_analytics[] = {queries::analytics_model, queries::price_history_model};

constexpr Parameter as_of{
    "as_of", "as it was at this time (RFC 3339) or after the event at this position of the log"
};

/// An offer's tag has also where its products last told something, and what was available of them.
bool was_told_of(Backend& backend, const Call& call, const VersionTag& tag) {
    if (call.captures.empty()) return false;
    const OfferId offer(call.captures.front());
    const auto facts = queries::told_in(tag.facts);
    return facts == 0 || queries::was_told_of(backend.reads, call.principal.tenant, offer, facts);
}

constexpr std::string_view offer_statuses[] = {"draft", "active", "paused", "archived"};
constexpr std::string_view slug_problems[] = {"not-found"};

constexpr Parameter get_offer_parameters[] = {
    {"as_of_version",
     "the offer as it was at this version; 410 if that was given up",
     false,
     "integer"},
    as_of,
};
constexpr Parameter list_offers_parameters[] = {
    {"slug", "the offer with this slug, instead of a list; besides it only as_of and at_least"},
    {"status", "draft, active, paused or archived", false, "string", offer_statuses},
    type_filter,
    words,
    {"product_id", "only those that hold this product"},
    {"sort",
     "created_at, updated_at, name or revenue_cents (also revenue): what the platform's webhooks "
     "told "
     "of the offer's orders in its currency, before refunds; one currency after the other, that "
     "with "
     "the most orders first; a minus before it: descending"},
    revenue_period,
    from,
    to,
    limit,
    cursor,
    as_of,
};
constexpr Parameter analytics_parameters[] = {
    period,
    from,
    to,
    {"include", "comma list of conversion_rate, revenue, traffic; all unless told"},
    {"as_of", "read_model as it was at this time or position; live stays as it is"},
    {"as_of_version", "likewise, when the offer came to this version", false, "integer"},
};
constexpr Parameter performance_parameters[] = {
    {.name = "ids", .help = "comma list of 1 to 100 offer ids", .required = true},
    period,
    from,
    to,
};
constexpr char performance_body[] = {
#embed "offers_performance.schema.json"
};
constexpr std::string_view performance_schema(performance_body, sizeof performance_body);
constexpr Parameter url_parameters[] = {
    {"utm_source", "campaign tag"},
    {"utm_medium", "campaign tag"},
    {"utm_campaign", "campaign tag"},
    {"utm_term", "campaign tag"},
    {"utm_content", "campaign tag"},
};

const Route table[] = {
    {.name = "ListOffers",
     .method = "GET",
     .pattern = "/v1/offers",
     .access = Access::reader,
     .help = "The tenant's offers, page by page.",
     .parameters = list_offers_parameters,
     .models = offers,
     .wants_more = wants_sales,
     .more_models = sales_models,
     .past_models = offer_versions,
     .query = list_offers,
     .has_version = true,  // of the one with the slug
     .problems = slug_problems},
    {.name = "GetOffersPerformance",
     .method = "GET",
     .pattern = "/v1/offers/performance",
     .access = Access::reader,
     .help = "Live figures of several offers with one call to Clubify; one that fails does not "
             "fail the others.",
     .parameters = performance_parameters,
     .models = offers,
     .waiting_query = offers_performance},
    {.name = "GetManyOffersPerformance",
     .method = "POST",
     .pattern = "/v1/offers/performance",
     .access = Access::reader,
     .help = "Live figures of up to 1,000 offers, as GET tells those of up to 100; a call to "
             "Clubify for each hundred.",
     .models = offers,
     .waiting_query = performance_of_many,
     .body_schema = performance_schema},
    {.name = "GetOffer",
     .method = "GET",
     .pattern = "/v1/offers/{id}",
     .access = Access::reader,
     .help = "One offer, as it is or as it was.",
     .parameters = get_offer_parameters,
     .models = offers,
     .past_models = offer_versions,
     .query = get_offer,
     .has_version = true},
    {.name = "GetOfferAnalytics",
     .method = "GET",
     .pattern = "/v1/offers/{id}/analytics",
     .access = Access::reader,
     .help = "What the log knows of the offer, merged with live figures of Clubify; live.status "
             "says how true they are.",
     .parameters = analytics_parameters,
     .models = analytics,
     .past_models = past_analytics,
     .waiting_query = offer_analytics},
    {.name = "GetOfferHistory",
     .method = "GET",
     .pattern = "/v1/offers/{id}/events",
     .access = Access::reader,
     .help = "The offer's events and the failed attempts at it as CloudEvents, by position.",
     .parameters = history_parameters,
     .models = analytics,
     .query = offer_history},
    {.name = "GetCheckoutUrl",
     .method = "GET",
     .pattern = "/v1/offers/{id}/checkout-url",
     .access = Access::reader,
     .help = "The offer's checkout link, made by Clubify.",
     .parameters = url_parameters,
     .models = offers,
     .waiting_query = checkout_url,
     .calls_clubify = true},
};

}  // namespace

RouteArea offer_routes() {
    static constexpr char answers[] = {
#embed "answers/offers.json"
    };
    return {table, {answers, sizeof answers}, "offer", was_told_of};
}

}  // namespace vitrine::api
