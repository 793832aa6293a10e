#include "sandbox/metrics.hpp"

#include <algorithm>
#include <tuple>

namespace vitrine::sandbox {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day first_day_of(year_month_day day, Grouping grouping) {
    if (grouping == Grouping::month) return day.year() / day.month() / 1;
    if (grouping != Grouping::week) return day;
    const std::chrono::weekday weekday{sys_days(day)};
    return sys_days(day) - (weekday - std::chrono::Monday);
}

year_month_day first_day_after(year_month_day first, Grouping grouping) {
    if (grouping == Grouping::month) return first + months(1);
    return sys_days(first) + days(grouping == Grouping::week ? 7 : 1);
}

}  // namespace

std::int64_t rate(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0 : (part * 20'000 + whole) / (whole * 2);
}

void MetricsReader::count(Mark& mark, const OrderLine& line, Figures& figures) const {
    if (mark.call != call_) {
        mark = Mark{.call = call_, .completed = false, .cancelled = false};
        ++figures.views;
    }
    if (line.status == OrderLine::Status::completed) {
        figures.revenue += line.amount;
        if (!mark.completed) {
            mark.completed = true;
            ++figures.conversions;
            if (mark.cancelled) --figures.cancelled;
        }
    } else if (line.status == OrderLine::Status::cancelled && !mark.cancelled) {
        mark.cancelled = true;
        if (!mark.completed) ++figures.cancelled;
    }
}

Figures& MetricsReader::day_of(const OrderLine& line, Grouping grouping, OfferMetrics& metrics) {
    if (metrics.timeline.empty() || line.time >= slot_end_) {
        const auto first = first_day_of(zone_.day_of(line.time), grouping);
        slot_end_ = zone_.start_of(first_day_after(first, grouping));
        metrics.timeline.push_back({first, {}});
    }
    return metrics.timeline.back().figures;
}

OfferMetrics MetricsReader::read(std::string_view slug, const Window& window, Grouping grouping) {
    ++call_;
    orders_seen_.resize(orders_.order_count());
    visits_seen_.resize(orders_.visit_count());
    channel_slots_.assign(orders_.channel_count(), -1);
    if (grouping != Grouping::none) days_seen_.resize(orders_.order_count());

    OfferMetrics metrics;
    for (const auto& line : orders_.lines(slug, window)) {
        count(orders_seen_[line.order], line, metrics.total);
        auto& slot = channel_slots_[line.channel];
        if (slot < 0) {
            slot = static_cast<std::int32_t>(metrics.traffic.size());
            metrics.traffic.push_back({orders_.channel(line.channel), {}});
        }
        auto& channel = metrics.traffic[static_cast<std::size_t>(slot)].figures;
        count(visits_seen_[line.visit], line, channel);
        if (grouping == Grouping::none) continue;
        count(days_seen_[line.order], line, day_of(line, grouping, metrics));
    }
    std::ranges::sort(metrics.traffic, [](const auto& a, const auto& b) {
        const auto key = [](const auto& each) {
            const auto& [channel, figures] = each;
            const std::string_view source = channel.source;
            const std::string_view medium = channel.medium;
            const std::string_view campaign = channel.campaign;
            return std::tuple(-figures.revenue, -figures.views, source, medium, campaign);
        };
        return key(a) < key(b);
    });
    return metrics;
}

}  // namespace vitrine::sandbox
