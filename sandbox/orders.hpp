#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/period.hpp"
#include "core/time.hpp"
#include "sandbox/lookup.hpp"
#include "sandbox/past_orders.hpp"

namespace vitrine::sandbox {

/// One line of an order. Texts are numbered: equal numbers, equal texts.
struct OrderLine {
    enum class Status : std::uint8_t { completed, cancelled, other };

    Timestamp time{};
    std::int64_t amount{};    // cents, of the whole line
    std::uint32_t order{};    // 0 … order_count() - 1
    std::uint32_t channel{};  // 0 … channel_count() - 1
    std::uint32_t visit{};    // the pair of order and channel, 0 … visit_count() - 1
    Status status{};
};

/// Where a buyer came from.
struct Channel {
    std::string source;
    std::string medium;
    std::string campaign;
    bool operator==(const Channel&) const = default;
};

struct ProductSales {
    std::int64_t quantity{};
    std::int64_t revenue{};  // cents
};

/// The order lines that stats are made of. They belong to no tenant: to whichever offer has their
/// slug.
class OrderBook {
public:
    static constexpr std::string_view header = CsvLines::header;
    using Header = CsvLines::Header;

    /// Adds the lines, all or none; returns how many. An error names the line.
    std::expected<std::size_t, std::string> add_csv(std::string_view csv, Header header_is);

    /// In order of time.
    std::span<const OrderLine> lines(std::string_view slug, const Window& window) const;
    const Channel& channel(std::uint32_t number) const { return channels_[number]; }
    /// Of completed lines; zeros for a product without any.
    ProductSales sales(std::string_view product_id) const;
    /// The same lines as orders of customers, for the platform's lists.
    const PastOrders& past() const { return past_; }

    std::size_t line_count() const { return line_count_; }
    std::size_t order_count() const { return orders_.size(); }
    std::size_t channel_count() const { return channels_.size(); }
    std::size_t visit_count() const { return visits_.size(); }

private:
    struct Shelf {
        std::vector<OrderLine> lines;
        bool sorted = true;
    };

    void add(const CsvLine& line);
    std::uint32_t number_of_channel(const CsvLine& line);

    mutable TextMap<Shelf> by_slug_;  // sorted when first read after a change
    TextMap<std::uint32_t> orders_;
    TextMap<std::uint32_t> channel_numbers_;
    std::deque<Channel> channels_;
    std::unordered_map<std::uint64_t, std::uint32_t> visits_;
    TextMap<ProductSales> sales_;
    PastOrders past_;
    std::size_t line_count_ = 0;
};

}  // namespace vitrine::sandbox
