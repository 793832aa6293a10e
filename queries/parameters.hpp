#pragma once

// For the queries: parameters as they came in become values, or faults that name them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"
#include "core/ids.hpp"
#include "core/period.hpp"
#include "projections/list_key.hpp"
#include "queries/list_parameters.hpp"

namespace vitrine::queries {

/// Decimal digits only.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// 1…1000; 50 when absent.
std::size_t read_limit(const std::optional<std::string>& limit, std::vector<Fault>& faults);

/// "30_days" in its canonical spelling; "30_days" when absent.
std::string read_period(const std::optional<std::string>& period, std::vector<Fault>& faults);

/// "a,b,,c" -> {"a","b","c"}
std::vector<std::string> split_list(std::string_view text);

struct Sort {
    projections::ListSort by = projections::ListSort::created_at;
    bool descending = true;
};

/// What both lists have in common. `cursor` belongs to `sort`.
struct ListRequest {
    Sort sort;
    std::size_t limit = 50;
    std::string search;  // folded
    std::optional<projections::ListKey> after;
};

/// `at`: the position of a list as of then; a cursor belongs to it.
ListRequest read_list(
    const ListParameters& parameters,
    std::vector<Fault>& faults,
    std::optional<Position> at = std::nullopt
);

/// next_cursor after the row of that key.
std::string encode_cursor(
    const Sort& sort, const projections::ListKey& key, std::optional<Position> at = std::nullopt
);

/// Where a page of a list by revenue ended, and of which list.
struct RevenueCursor {
    std::string list;          // "-revenue_cents", "best-sellers by offer": which list it is of
    std::string period;        // as AskedDays has it for the platform; empty: of all days
    std::optional<Days> days;  // those that the first page was of
    projections::ListKey key;  // text: the currency; number: the revenue
};

std::string encode_revenue_cursor(const RevenueCursor& cursor);
std::optional<RevenueCursor> decode_revenue_cursor(std::string_view cursor);

/// A cursor that is one number: a position, or the sequence of a command.
std::string encode_position_cursor(std::uint64_t position);
std::optional<std::uint64_t> decode_position_cursor(std::string_view cursor);

}  // namespace vitrine::queries
