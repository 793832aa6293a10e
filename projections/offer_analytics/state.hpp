#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace vitrine::projections {

/// A product as the analytics of an offer know it.
struct PricedLine {
    std::string clubify_product_id;
    std::string product_id;                   // empty: a product that only the platform knows
    std::optional<std::int64_t> offer_price;  // absent: the product's own price holds
    std::optional<std::int64_t> shown_price;  // the effective one, as last written to the history
    std::string shown_currency;
};

/// The row of one offer. Failed attempts may come before the offer, or without it.
struct AnalyticsState {
    std::string currency;
    std::vector<PricedLine> lines;
    std::int64_t revisions = 0;
    std::string status;  // empty: the offer was never created
    Timestamp status_since;
    std::map<std::string, std::int64_t, std::less<>> status_us;  // before the present status began
    std::map<std::string, std::int64_t, std::less<>> failures;   // by type
    std::string last_failure;                                    // JSON; empty: none
    Version version = 0;                                         // of the offer's stream
    Position position = 0;  // of the last event that changed this

    std::size_t bytes() const { return sizeof(AnalyticsState) + lines.size() * 160 + 512; }
};

/// The parts of a row that are kept as JSON.
std::string render_lines(const std::vector<PricedLine>& lines);
std::string render_counts(const std::map<std::string, std::int64_t, std::less<>>& counts);

}  // namespace vitrine::projections
