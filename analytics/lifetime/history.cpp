#include "analytics/lifetime/history.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <tuple>

#include "analytics/table.hpp"

namespace vitrine::analytics {
namespace {

constexpr double days_of_week = 7;

double weeks(Day from, Day to) {
    return static_cast<double>((to - from).count()) / days_of_week;
}

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto* end = text.data() + text.size();
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    if (!std::ranges::all_of(text, is_digit)) return std::nullopt;
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end) return std::nullopt;
    return value;
}

/// Sorts, and makes one purchase of those of a day.
void by_day(std::vector<Purchase>& purchases) {
    const auto key = [](const Purchase& purchase) {
        return std::tie(purchase.day, purchase.amount);
    };
    std::ranges::sort(purchases, {}, key);
    std::vector<Purchase> days;
    for (const auto& purchase : purchases) {
        if (!days.empty() && days.back().day == purchase.day) {
            days.back().amount += purchase.amount;
        } else {
            days.push_back(purchase);
        }
    }
    purchases = std::move(days);
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
    const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)),
               day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year),
        std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(*day))
    };
    if (!date.ok()) return std::nullopt;
    return Day(date);
}

std::string day_text(Day day) {
    const std::chrono::year_month_day date(day);
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    auto year = std::to_string(static_cast<int>(date.year()));
    year.insert(0, 4 - std::min<std::size_t>(year.size(), 4), '0');
    return year + "-" + two(static_cast<unsigned>(date.month())) + "-" +
           two(static_cast<unsigned>(date.day()));
}

std::expected<Purchases, std::string> read_purchases(
    std::string_view csv, std::optional<Day> until
) {
    const auto table = read_table(csv);
    if (!table) return std::unexpected(table.error());
    const auto customer = table->column("customer_id");
    if (!customer) return std::unexpected(customer.error());
    const auto date = table->column("date");
    if (!date) return std::unexpected(date.error());
    const auto amount = table->find("amount");
    Purchases all;
    all.has_amounts = amount.has_value();
    bool any = false;
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
        const auto& fields = table->rows[row];
        if (fields[*customer].empty()) {
            return std::unexpected(table->fault(row, "has no customer_id"));
        }
        const auto day = parse_day(fields[*date]);
        if (!day) {
            return std::unexpected(
                table->fault(row, "has a date that is not a day as 2011-01-31: " + fields[*date])
            );
        }
        Purchase purchase{.day = *day, .amount = 0};
        if (amount) {
            const auto value = parse_number(fields[*amount]);
            if (!value) {
                return std::unexpected(
                    table->fault(row, "has an amount that is not a number: " + fields[*amount])
                );
            }
            purchase.amount = *value;
        }
        if (until && *day > *until) continue;
        if (!any || *day > all.last_day) all.last_day = *day;
        any = true;
        all.by_customer[fields[*customer]].push_back(purchase);
    }
    if (!any) {
        return std::unexpected(
            until ? "there is no purchase until " + day_text(*until) : "there is no purchase"
        );
    }
    for (auto& [name, purchases] : all.by_customer) by_day(purchases);
    return all;
}

History history_of(std::span<const Purchase> purchases, Day until) {
    History history;
    const auto first = purchases.front().day;
    auto before = first;
    double amounts = 0;
    for (const auto& purchase : purchases.subspan(1)) {
        if (purchase.day > until) break;
        ++history.repeats;
        history.log_gaps += std::log(weeks(before, purchase.day));
        amounts += purchase.amount;
        before = purchase.day;
    }
    history.last = weeks(first, before);
    history.observed = weeks(first, until);
    if (history.repeats > 0) history.mean_amount = amounts / history.repeats;
    return history;
}

}  // namespace vitrine::analytics
