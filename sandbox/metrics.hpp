#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/period.hpp"
#include "sandbox/orders.hpp"

namespace vitrine::sandbox {

/// Figures of one offer in one window. Orders are counted, not lines. The orders file knows nothing
/// of page views, so every order, whatever its status, stands for one view, and a conversion is an
/// order with a completed line.
struct Figures {
    std::int64_t views{};
    std::int64_t conversions{};
    std::int64_t cancelled{};  // orders with a cancelled line and no completed one
    std::int64_t revenue{};    // cents
    bool operator==(const Figures&) const = default;
};

struct ChannelFigures {
    Channel channel;
    Figures figures;
};

/// An order counts where its first line falls; its revenue where each line does.
struct DayFigures {
    std::chrono::year_month_day first_day{};
    Figures figures;
};

enum class Grouping { none, day, week, month };

struct OfferMetrics {
    Figures total;
    std::vector<ChannelFigures> traffic;  // most revenue first
    std::vector<DayFigures>
        timeline;  // days, weeks from Monday, or months in which there was an order
};

/// Counts orders in time linear in the lines of the window. Keeps scratch space between calls.
class MetricsReader {
public:
    MetricsReader(const OrderBook& orders, const Zone& zone) : orders_(orders), zone_(zone) {}

    OfferMetrics read(std::string_view slug, const Window& window, Grouping grouping);

private:
    /// What has been seen of one order (or order and channel) in this call.
    struct Mark {
        std::uint32_t call{};
        bool completed{};
        bool cancelled{};
    };

    void count(Mark& mark, const OrderLine& line, Figures& figures) const;
    Figures& day_of(const OrderLine& line, Grouping grouping, OfferMetrics& metrics);

    const OrderBook& orders_;
    const Zone& zone_;
    std::uint32_t call_ = 0;
    std::vector<Mark> orders_seen_;
    std::vector<Mark> visits_seen_;
    std::vector<Mark> days_seen_;
    std::vector<std::int32_t> channel_slots_;
    Timestamp slot_end_{};
};

/// In hundredths of a percent, rounded: 92.31 % is 9231.
std::int64_t rate(std::int64_t part, std::int64_t whole);

}  // namespace vitrine::sandbox
