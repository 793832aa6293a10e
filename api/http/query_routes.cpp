#include "api/http/backend.hpp"
#include "api/http/event_stream.hpp"
#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"
#include "commands/problem.hpp"
#include "queries/at_least.hpp"
#include "queries/command_status.hpp"
#include "queries/events/event_feed.hpp"
#include "queries/list_commands.hpp"
#include "queries/offers/checkout_url.hpp"
#include "queries/offers/get_offer.hpp"
#include "queries/offers/list_offers.hpp"
#include "queries/offers/offer_analytics.hpp"
#include "queries/offers/offer_history.hpp"
#include "queries/offers/offers_performance.hpp"
#include "queries/products/get_product.hpp"
#include "queries/products/list_products.hpp"
#include "queries/products/product_history.hpp"
#include "queries/projections_status.hpp"
#include "queries/sales/best_sellers.hpp"
#include "queries/sales/sales.hpp"

namespace vitrine::api {
namespace {

using queries::Result;
using Waiting = boost::asio::awaitable<Result>;

OfferId offer_of(const Call& call) {
    return OfferId(call.captures.front());
}

Result get_offer(Backend& backend, const Call& call) {
    const auto& tenant = call.principal.tenant;
    if (!call.as_of) return queries::get_offer(backend.reads, tenant, offer_of(call));
    const auto get_past_offer = call.parameter("as_of_version") ? queries::get_offer_as_of_version
                                                                : queries::get_offer_as_of;
    return get_past_offer(backend.reads, tenant, offer_of(call), *call.as_of);
}

queries::DaysParameters days_of(const Call& call) {
    return {call.parameter("period"), call.parameter("from"), call.parameter("to")};
}

queries::ListParameters list_parameters(const Call& call) {
    return {
        .status = call.parameter("status"),
        .sku = call.parameter("sku"),
        .type = call.parameter("type"),
        .q = call.parameter("q"),
        .sort = call.parameter("sort"),
        .limit = call.parameter("limit"),
        .cursor = call.parameter("cursor"),
        .as_of = call.as_of,
        .product_id = call.parameter("product_id"),
        .days = days_of(call),
    };
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
        return queries::get_offer_by_slug(backend.reads, tenant, *slug);
    }
    return queries::list_offers(backend.reads, tenant, list_parameters(call));
}

Result get_product(Backend& backend, const Call& call) {
    return queries::get_product(
        backend.reads, call.principal.tenant, ProductId(call.captures.front())
    );
}

Result list_products(Backend& backend, const Call& call) {
    return queries::list_products(backend.reads, call.principal.tenant, list_parameters(call));
}

Result product_history(Backend& backend, const Call& call) {
    return queries::product_history(
        backend.reads,
        call.principal.tenant,
        ProductId(call.captures.front()),
        {call.parameter("limit"), call.parameter("cursor")}
    );
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
        {days_of(call), call.parameter("include"), call.as_of}
    );
}

Waiting offers_performance(Backend& backend, const Call& call) {
    return queries::offers_performance(
        backend.reads, backend.live, call.principal.tenant, call.parameter("ids"), days_of(call)
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

std::optional<std::string> last_event_id(const Call& call) {
    const auto id = call.request.headers.find("Last-Event-ID");
    if (!id || id->empty()) return std::nullopt;  // what a browser sends that has seen none
    return std::string(*id);
}

Result sales(Backend& backend, const Call& call) {
    return queries::sales(backend.reads, call.principal.tenant, std::nullopt, days_of(call));
}

Result offer_sales(Backend& backend, const Call& call) {
    return queries::sales(backend.reads, call.principal.tenant, offer_of(call), days_of(call));
}

Result best_sellers(Backend& backend, const Call& call) {
    return queries::best_sellers(
        backend.reads,
        call.principal.tenant,
        {call.parameter("by"), days_of(call), call.parameter("currency"), call.parameter("limit")}
    );
}

net::Response event_feed(Backend& backend, const Call& call) {
    constexpr std::string_view offered[] = {"application/json", "text/event-stream"};
    const auto accepted = best_accepted(call.request.headers.list("Accept"), offered);
    if (!accepted) {
        return problem_response(
            "not-acceptable",
            call,
            {"The events are answered as application/json or as text/event-stream.",
             "Os eventos são respondidos como application/json ou text/event-stream."}
        );
    }
    queries::FeedParameters parameters;
    parameters.from = call.parameter("from");
    parameters.category = call.parameter("category");
    parameters.limit = call.parameter("limit");
    for (const auto& [name, value] : call.query) {
        if (name == "type") parameters.types.push_back(value);
    }
    if (accepted == "text/event-stream") {
        auto following = queries::follow_events(
            backend.reads, call.principal.tenant, parameters, last_event_id(call)
        );
        return following ? event_stream(backend, call, *std::move(following))
                         : error_response(following.error(), call);
    }
    auto result = queries::event_feed(backend.reads, call.principal.tenant, parameters);
    return result ? answer_response(*std::move(result), call)
                  : error_response(result.error(), call);
}

/// What commands ended with, as they are answered.
Result in_language(Language language, Result result) {
    if (result) result->body = commands::states_in(language, std::move(result->body));
    return result;
}

Result command_status(Backend& backend, const Call& call) {
    return in_language(
        call.language,
        queries::command_status(
            backend.reads, call.principal.tenant, CommandId(call.captures.front())
        )
    );
}

Result list_commands(Backend& backend, const Call& call) {
    return in_language(
        call.language,
        queries::list_commands(
            backend.reads,
            call.principal.tenant,
            {call.parameter("state"), call.parameter("limit"), call.parameter("cursor")}
        )
    );
}

Result projections_status(Backend& backend, const Call&) {
    return queries::projections_status(backend.reads);
}

constexpr const char* offers[] = {queries::offers_model};
constexpr const char* offer_versions[] = {queries::offer_versions_model};
constexpr const char* products[] = {queries::products_model};
constexpr const char* sales_models[] = {queries::sales_model};
constexpr const char* offer_sales_models[] = {queries::offers_model, queries::sales_model};
constexpr const char* analytics[] = {
    queries::offers_model,
    queries::analytics_model,
    queries::price_history_model,
    queries::sales_model
};
constexpr const char* past_analytics[] = {queries::analytics_model, queries::price_history_model};

constexpr Parameter limit{
    "limit", "entries of a page, 1 to 1000; 50 unless told", false, "integer"
};
constexpr Parameter cursor{"cursor", "next_cursor of the page before"};
constexpr Parameter type_filter{"type", "only of this type"};
constexpr Parameter words{
    "q",
    "only those whose name has these words; case and accents do not matter. A page looks at 10,000 "
    "entries, with as_of at some hundreds: it may be short or empty and still have a next_cursor, "
    "as with the other filters"
};
constexpr Parameter sort{"sort", "created_at, updated_at or name; a minus before it: descending"};
constexpr Parameter period{
    "period",
    "today, 7_days, 30_days, 90_days, another number of days, current_month, previous_month, "
    "current_quarter: calendar days of America/Sao_Paulo, N days are today and those before; "
    "30_days unless told"
};
constexpr Parameter revenue_period{
    "period", "of the revenue, as elsewhere; everything unless told"
};
constexpr Parameter from{
    "from", "the first day (2026-03-01, of America/Sao_Paulo), instead of period"
};
constexpr Parameter to{"to", "the last day, today unless told; at most 3660 days"};

constexpr Parameter as_of{
    "as_of", "as it was at this time (RFC 3339) or after the event at this position of the log"
};

constexpr std::string_view offer_statuses[] = {"draft", "active", "paused", "archived"};
constexpr std::string_view slug_problems[] = {"not-found"};
constexpr std::string_view command_states[] = {"running", "succeeded", "failed", "retryable"};

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
     "of the offer's orders in its currency, before refunds; a minus before it: descending"},
    revenue_period,
    from,
    to,
    limit,
    cursor,
    as_of,
};
constexpr Parameter best_sellers_parameters[] = {
    {"by", "offer or source; offer unless told"},
    revenue_period,
    from,
    to,
    {"currency", "only what was sold in it"},
    limit,
};
constexpr Parameter list_products_parameters[] = {
    {"status", "active or archived; both unless told"},
    {"sku", "only the product with this SKU, upper and lower case as it has them"},
    type_filter,
    {"q", "as for offers, in names and SKUs"},
    sort,
    limit,
    cursor
};
constexpr Parameter analytics_parameters[] = {
    period,
    from,
    to,
    {"include", "comma list of conversion_rate, revenue, traffic; all unless told"},
    {"as_of", "read_model as it was at this time or position; live stays as it is"},
    {"as_of_version", "likewise, when the offer came to this version", false, "integer"},
};
constexpr Parameter sales_parameters[] = {period, from, to};
constexpr Parameter performance_parameters[] = {
    {"ids", "comma list of 1 to 100 offer ids"},
    period,
    from,
    to,
};
constexpr Parameter history_parameters[] = {limit, cursor};
constexpr Parameter commands_parameters[] = {
    {"state",
     "running, succeeded, failed or retryable; unless told those that are unfinished: running and "
     "retryable",
     false,
     "string",
     command_states},
    limit,
    cursor,
};
constexpr Parameter url_parameters[] = {
    {"utm_source", "campaign tag"},
    {"utm_medium", "campaign tag"},
    {"utm_campaign", "campaign tag"},
    {"utm_term", "campaign tag"},
    {"utm_content", "campaign tag"},
};
constexpr Parameter feed_parameters[] = {
    {"from", "first position, up to the next of the log; 1 unless told", false, "integer"},
    {"category", "offer, product, command, webhook, order, payment or projection"},
    {"type", "event types, as a comma list or repeated", true},
    {"limit",
     "entries of a page, 1 to 1000; 50 unless told. Not with text/event-stream",
     false,
     "integer"},
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
     .waiting_query = checkout_url},
    {.name = "GetOfferSales",
     .method = "GET",
     .pattern = "/v1/offers/{id}/sales",
     .access = Access::reader,
     .help =
         "The offer's orders, revenue and refunds by day and source, as the platform's webhooks "
         "told them.",
     .parameters = sales_parameters,
     .models = offer_sales_models,
     .query = offer_sales},
    {.name = "GetSales",
     .method = "GET",
     .pattern = "/v1/sales",
     .access = Access::reader,
     .help = "Orders, revenue and refunds of all offers by day and source, as the platform's "
             "webhooks told them.",
     .parameters = sales_parameters,
     .models = sales_models,
     .query = sales},
    {.name = "GetBestSellers",
     .method = "GET",
     .pattern = "/v1/analytics/best-sellers",
     .access = Access::reader,
     .help = "What sold most by revenue, with its share of all that was sold in that currency, as "
             "the platform's webhooks told it.",
     .parameters = best_sellers_parameters,
     .models = offer_sales_models,
     .query = best_sellers},
    {.name = "ListProducts",
     .method = "GET",
     .pattern = "/v1/products",
     .access = Access::reader,
     .help = "The tenant's products, page by page.",
     .parameters = list_products_parameters,
     .models = products,
     .query = list_products},
    {.name = "GetProduct",
     .method = "GET",
     .pattern = "/v1/products/{id}",
     .access = Access::reader,
     .help = "One product.",
     .models = products,
     .query = get_product,
     .has_version = true},
    {.name = "GetProductHistory",
     .method = "GET",
     .pattern = "/v1/products/{id}/events",
     .access = Access::reader,
     .help = "The product's events as CloudEvents, by position.",
     .parameters = history_parameters,
     .query = product_history},
    {.name = "EventFeed",
     .method = "GET",
     .pattern = "/v1/events",
     .access = Access::reader,
     .help = "The tenant's events as CloudEvents, from a position on; with Accept: "
             "text/event-stream as they come, resumed by Last-Event-ID.",
     .parameters = feed_parameters,
     .page = event_feed,
     .streams = true},
    {.name = "ListCommands",
     .method = "GET",
     .pattern = "/v1/commands",
     .access = Access::reader,
     .help = "The tenant's commands in a state, or those that are unfinished; the newest first, "
             "page by page.",
     .parameters = commands_parameters,
     .query = list_commands},
    {.name = "CommandStatus",
     .method = "GET",
     .pattern = "/v1/commands/{command_id}",
     .access = Access::reader,
     .help = "How far a command is, and its answer once it has one.",
     .query = command_status},
    {.name = "Projections",
     .method = "GET",
     .pattern = "/v1/projections",
     .access = Access::reader,
     .help = "How far each read model is.",
     .query = projections_status},
};

}  // namespace

std::span<const Route> query_routes() {
    return table;
}

}  // namespace vitrine::api
