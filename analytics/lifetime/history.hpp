#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::analytics {

using Day = std::chrono::sys_days;

/// A day on which a customer bought, however often.
struct Purchase {
    Day day;
    double amount{};  // of the whole day
};

/// The purchases of customers, each customer's by day.
struct Purchases {
    std::map<std::string, std::vector<Purchase>, std::less<>> by_customer;
    bool has_amounts = false;
    Day last_day{};
};

/// From a table with the columns customer_id, date (2011-01-31, or a time that begins so) and
/// perhaps amount, others being passed over. Days after `until` are left out. A fault names its
/// line.
std::expected<Purchases, std::string> read_purchases(
    std::string_view csv, std::optional<Day> until
);

std::optional<Day> parse_day(std::string_view text);
std::string day_text(Day day);

/// What the models need to know of a customer until a day; times in weeks.
struct History {
    double repeats{};      // days with a purchase after the first
    double last{};         // from the first to the last purchase
    double observed{};     // from the first purchase to the day
    double log_gaps{};     // sum of the logarithms of the times between purchases
    double mean_amount{};  // of the repeats; zero without any
};

/// `until`: inclusive; not before the first purchase.
History history_of(std::span<const Purchase> purchases, Day until);

}  // namespace vitrine::analytics
