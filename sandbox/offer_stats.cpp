#include <array>
#include <cstdio>

#include "core/period.hpp"
#include "sandbox/metrics.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/offers.hpp"
#include "sandbox/sales.hpp"
#include "sandbox/stats_query.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::size_t most_ids = 100;

/// What the query asks for.
struct Asked {
    AskedWindow when;
    bool rates = true;
    bool revenue = true;
    bool traffic = true;
    Grouping grouping = Grouping::none;  // the timeline is long: given only when asked for
};

std::string decimal(std::int64_t hundredths) {
    char text[32];
    const auto length = std::snprintf(
        text,
        sizeof text,
        "%lld.%02lld",
        static_cast<long long>(hundredths / 100),
        static_cast<long long>(hundredths % 100)
    );
    return {text, static_cast<std::size_t>(length)};
}

std::string day_text(std::chrono::year_month_day day) {
    return format_time(Timestamp(std::chrono::sys_days(day))).substr(0, 10);
}

std::expected<Asked, Refusal> read_query(const Call& call) {
    Asked asked;
    auto window = read_window(call);
    if (!window) return std::unexpected(window.error());
    asked.when = *std::move(window);
    const auto group = call.query("group_by").value_or("");
    if (group == "day") asked.grouping = Grouping::day;
    if (group == "week") asked.grouping = Grouping::week;
    if (group == "month") asked.grouping = Grouping::month;
    if (!group.empty() && asked.grouping == Grouping::none) {
        return std::unexpected(wrong_parameter("group_by", "must be one of: day, week, month"));
    }
    const auto parts = listed(call, "include");
    if (parts.empty()) return asked;
    asked.rates = asked.revenue = asked.traffic = false;
    for (const auto part : parts) {
        if (part == "conversion_rate" || part == "conversions") asked.rates = true;
        if (part == "revenue") asked.revenue = true;
        if (part == "traffic" || part == "traffic_sources") asked.traffic = true;
        if (part == "timeline" && asked.grouping == Grouping::none) asked.grouping = Grouping::day;
    }
    return asked;
}

std::string traffic_text(const OfferMetrics& metrics) {
    std::string text = "[";
    for (const auto& [channel, figures] : metrics.traffic) {
        if (text.size() > 1) text += ',';
        text += R"({"source":)" + json_string(channel.source);
        text += R"(,"medium":)" + json_string(channel.medium);
        text += R"(,"campaign":)" + json_string(channel.campaign);
        text += R"(,"views":)" + std::to_string(figures.views);
        text += R"(,"conversions":)" + std::to_string(figures.conversions);
        text += R"(,"revenue":)" + std::to_string(figures.revenue) + '}';
    }
    return text + ']';
}

std::string timeline_text(const OfferMetrics& metrics) {
    std::string text = "[";
    for (const auto& [day, figures] : metrics.timeline) {
        if (text.size() > 1) text += ',';
        text += R"({"date":")" + day_text(day);
        text += R"(","views":)" + std::to_string(figures.views);
        text += R"(,"conversions":)" + std::to_string(figures.conversions);
        text += R"(,"revenue":)" + std::to_string(figures.revenue) + '}';
    }
    return text + ']';
}

std::string stats_text(
    const Call& call, const Row& offer, const Asked& asked, const OfferMetrics& metrics
) {
    const auto& total = metrics.total;
    const auto id = json_string(offer.id);
    const auto views = std::to_string(total.views);
    const auto conversions = std::to_string(total.conversions);
    std::string text = R"({"offer_id":)" + id + R"(,"offerId":)" + id;
    text += R"(,"slug":)" + json_string(offer.facets.slug);
    text += R"(,"period":)" + json_string(asked.when.period);
    text += R"(,"period_start":")" + format_time(asked.when.window.begin);
    text += R"(","period_end":")" + format_time(asked.when.window.end);
    text += R"(","currency":)" + json_string(offer.facets.currency);
    text += R"(,"generated_at":")" + format_time(call.now()) + '"';
    if (asked.rates) {
        text += R"(,"views":)" + views + R"(,"unique_visitors":)" + views;
        text += R"(,"checkouts_started":)" + views + R"(,"checkouts_completed":)" + conversions;
        text += R"(,"checkouts_cancelled":)" + std::to_string(total.cancelled);
        text += R"(,"conversions":)" + conversions;
        text += R"(,"conversion_rate":)" + decimal(rate(total.conversions, total.views));
        text += R"(,"abandonment_rate":)";
        text += decimal(rate(total.views - total.conversions, total.views));
    }
    if (asked.revenue) {
        const auto revenue = std::to_string(total.revenue);
        const auto average = total.conversions == 0 ? 0 : total.revenue / total.conversions;
        text += R"(,"revenue":)" + revenue + R"(,"total_revenue":)" + revenue;
        text += R"(,"average_order_value":)" + std::to_string(average);
        text += R"(,"orders":)" + conversions + R"(,"transaction_count":)" + conversions;
    }
    if (asked.traffic) {
        const auto traffic = traffic_text(metrics);
        text += R"(,"traffic":)" + traffic + R"(,"traffic_sources":)" + traffic;
    }
    text += R"(,"order_bumps":[],"upsells":[])";
    if (asked.grouping != Grouping::none) text += R"(,"timeline":)" + timeline_text(metrics);
    return text + '}';
}

Result stats_of(const Call& call, const Row& offer) {
    const auto asked = read_query(call);
    if (!asked) return std::unexpected(asked.error());
    const auto metrics =
        call.world.metrics.read(offer.facets.slug, asked->when.window, asked->grouping);
    return Reply{200, stats_text(call, offer, *asked, metrics)};
}

Result stats(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    return stats_of(call, **row);
}

Result public_stats(Call& call) {
    const auto* row = find_public(call);
    if (!row) return std::unexpected(not_found("Offer"));
    return stats_of(call, *row);
}

/// An object by offer id; ids that are unknown (or another tenant's) are left out.
Result batch_stats(Call& call) {
    const auto ids = listed(call, "ids");
    if (ids.empty()) return std::unexpected(wrong_parameter("ids", "is required"));
    if (ids.size() > most_ids)
        return std::unexpected(wrong_parameter("ids", "must be at most 100"));
    const auto asked = read_query(call);
    if (!asked) return std::unexpected(asked.error());
    std::vector<const Row*> rows;
    for (const auto id : ids) {
        const auto* row = call.world.state.table(Kind::offers).find(call.space, id);
        if (row && !contains(rows, row)) rows.push_back(row);
    }
    std::string text = "{";
    for (const auto* row : rows) {
        if (text.size() > 1) text += ',';
        const auto figures =
            call.world.metrics.read(row->facets.slug, asked->when.window, asked->grouping);
        text += json_string(row->id) + ':' + stats_text(call, *row, *asked, figures);
    }
    return Reply{200, text + '}'};
}

constexpr std::array routes{
    Route{"GET", "/offers/stats", batch_stats},
    Route{"GET", "/offers/{id}/stats", stats},
    Route{"GET", "/offers/public/{slug}/stats", public_stats, Access::open},
};

}  // namespace

std::span<const Route> offer_stats_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
