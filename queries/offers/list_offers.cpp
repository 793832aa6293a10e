#include "queries/offers/list_offers.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "events/offer_type.hpp"
#include "projections/offer_versions/past_offers.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/list_page.hpp"
#include "queries/moment.hpp"
#include "queries/offers/by_revenue.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> statuses = {"draft", "active", "paused", "archived"};
constexpr std::array<std::string_view, 5> types = {
    "single", "combo", "bundle", "subscription", "funnel"
};

Json to_json(const projections::OfferListItem& item) {
    Json json;
    json["offer_id"] = item.offer_id.str();
    json["name"] = item.name;
    json["slug"] = item.slug;
    json["type"] = item.type;
    json["status"] = item.status;
    json["currency"] = item.currency;
    json["product_count"] = item.product_count;
    json["total_cents"] = item.total_cents ? Json(*item.total_cents) : Json();
    json["version"] = item.version;
    json["created_at"] = format_time(item.created_at);
    json["updated_at"] = format_time(item.updated_at);
    return json;
}

projections::OfferFilter read_filter(
    const ListParameters& parameters,
    std::optional<Position> at,
    Sort& sort,
    std::vector<Fault>& faults
) {
    const auto request = read_list(parameters, faults, at);
    sort = request.sort;
    projections::OfferFilter filter;
    filter.status = parameters.status.value_or("");
    filter.type = events::canonical_offer_type(parameters.type.value_or(""));
    if (parameters.status && std::ranges::find(statuses, filter.status) == statuses.end()) {
        faults.push_back(
            {"/status",
             "unknown",
             {"status is draft, active, paused or archived",
              "status é draft, active, paused ou archived"}}
        );
    }
    if (parameters.type && std::ranges::find(types, filter.type) == types.end()) {
        faults.push_back(
            {"/type",
             "unknown",
             {"type is single, combo, bundle, subscription or funnel",
              "type é single, combo, bundle, subscription ou funnel"}}
        );
    }
    filter.search = request.search;
    filter.product_id = parameters.product_id.value_or("");
    filter.sort = request.sort.by;
    filter.descending = request.sort.descending;
    filter.after = request.after;
    filter.limit = request.limit;
    return filter;
}

Answer answer_of(
    const std::vector<projections::OfferListItem>& items, Position position, std::string next_cursor
) {
    return list_answer(items, position, std::move(next_cursor), [](const auto& item) {
        return to_json(item).dump();
    });
}

Result list_past(
    const ReadSide& reads,
    const TenantId& tenant,
    const projections::OfferFilter& filter,
    const Sort& sort,
    const projections::Moment& at
) {
    auto lease = reads.projections.read_model(offer_versions_model).lease();
    if (!lease || lease->position() < at.position) return std::unexpected(not_ready());
    projections::PastOffers offers(*std::move(lease));
    const auto page = offers.list(tenant, filter, at);
    return answer_of(
        page.items, at.position, page.next ? encode_cursor(sort, *page.next, at.position) : ""
    );
}

Result list_present(
    const ReadSide& reads,
    const TenantId& tenant,
    const projections::OfferFilter& filter,
    const Sort& sort
) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::OffersReader offers(*std::move(lease));
    const auto page = offers.list(tenant, filter);
    return answer_of(
        page.items, offers.position(), page.next ? encode_cursor(sort, *page.next) : ""
    );
}

/// By what it earned: the direction; nullopt: by something else.
std::optional<bool> by_revenue_descending(const ListParameters& parameters) {
    const auto sort = parameters.sort.value_or("");
    if (sort == "-revenue_cents" || sort == "-revenue") return true;
    if (sort == "revenue_cents" || sort == "revenue") return false;
    return std::nullopt;
}

/// As its cursors name it.
std::string list_name(bool descending) {
    return descending ? "-revenue_cents" : "revenue_cents";
}

/// Of which days, and after which item, a list with revenue is asked for.
struct RevenueRequest {
    std::optional<AskedDays> asked;
    std::optional<projections::ListKey> after;
};

RevenueRequest read_revenue(
    const ReadSide& reads, const ListParameters& parameters, std::vector<Fault>& faults
) {
    RevenueRequest request;
    if (parameters.days.any()) request.asked = read_days(parameters.days, reads.clock(), faults);
    const auto descending = by_revenue_descending(parameters);
    if (!descending || !parameters.cursor) return request;
    const auto cursor = decode_revenue_cursor(*parameters.cursor);
    const auto period = request.asked ? platform_period(*request.asked) : std::string();
    if (!cursor || cursor->list != list_name(*descending) || cursor->period != period) {
        faults.push_back(
            {"/cursor",
             "invalid",
             {"cursor is not the next_cursor of a page with this sort and period",
              "cursor não é o next_cursor de uma página com este sort e período"}}
        );
        return request;
    }
    // The days of the first page, though midnight may have passed since.
    if (cursor->days) request.asked->days = *cursor->days;
    request.after = cursor->key;
    return request;
}

Result list_with_revenue(
    const ReadSide& reads, const TenantId& tenant, const ListParameters& parameters
) {
    std::vector<Fault> faults;
    if (parameters.as_of) {
        faults.push_back(
            {"/as_of",
             "conflict",
             {"what offers had earned then is not told: leave out as_of, or sort, period, from and "
              "to",
              "não se diz o que as ofertas tinham faturado então: omita as_of, ou sort, period, "
              "from e to"}}
        );
    }
    const auto descending = by_revenue_descending(parameters);
    const auto request = read_revenue(reads, parameters, faults);
    auto plain = parameters;
    if (descending) {
        plain.sort.reset();
        plain.cursor.reset();
    }
    Sort sort;
    auto filter = read_filter(plain, std::nullopt, sort, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    auto sales_lease = reads.projections.read_model(sales_model).lease();
    auto offers_lease = reads.projections.read_model(offers_model).lease();
    if (!sales_lease || !offers_lease) return std::unexpected(not_ready());
    projections::SalesReader sales(*std::move(sales_lease));
    projections::OffersReader offers(*std::move(offers_lease));
    const auto days = request.asked ? std::optional(request.asked->days) : std::nullopt;
    const Revenues revenues(sales, tenant, days);
    if (descending) {
        filter.descending = *descending;
        filter.after = request.after;
    }
    const auto page =
        descending ? revenues.list(offers, tenant, filter) : offers.list(tenant, filter);

    Answer answer;
    if (page.next && descending) {
        const auto period = request.asked ? platform_period(*request.asked) : std::string();
        answer.next_cursor =
            encode_revenue_cursor({list_name(*descending), period, days, *page.next});
    } else if (page.next) {
        answer.next_cursor = encode_cursor(sort, *page.next);
    }
    Json json;
    if (request.asked) put_days(json, *request.asked);
    json["items"] = Json::array();
    for (const auto& item : page.items) {
        auto& each = json["items"].emplace_back(to_json(item));
        const auto revenue = revenues.of(item);
        each["revenue_cents"] = revenue.cents;
        each["orders"] = revenue.orders;
    }
    json["next_cursor"] = answer.next_cursor.empty() ? Json() : Json(answer.next_cursor);
    answer.body = json.dump();
    answer.position = std::min(offers.position(), sales.position());
    return answer;
}

}  // namespace

bool wants_sales(const ListParameters& parameters) {
    return parameters.days.any() || by_revenue_descending(parameters);
}

Result list_offers(
    const ReadSide& reads, const TenantId& tenant, const ListParameters& parameters
) {
    if (wants_sales(parameters)) return list_with_revenue(reads, tenant, parameters);
    std::vector<Fault> faults;
    std::optional<projections::Moment> at;
    if (parameters.as_of) {
        if (*parameters.as_of) {
            at = **parameters.as_of;
        } else {
            faults = parameters.as_of->error().faults;
        }
    }
    Sort sort;
    const auto filter =
        read_filter(parameters, at ? std::optional(at->position) : std::nullopt, sort, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (at) return list_past(reads, tenant, filter, sort, *at);
    return list_present(reads, tenant, filter, sort);
}

}  // namespace vitrine::queries
