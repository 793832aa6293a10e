#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/call.hpp"

/// What customers bought here: figures made of the stored orders.
namespace vitrine::sandbox {

struct Sale {
    Timestamp time;
    std::int64_t cents;
};

/// Of orders that were neither refunded nor cancelled.
struct Sales {
    std::int64_t spent = 0;  // cents
    std::int64_t orders = 0;
    std::vector<Sale> each;  // the oldest first

    Timestamp first() const { return each.front().time; }
    Timestamp last() const { return each.back().time; }
};

/// The customer as lists show it, stored or of the CSV.
std::optional<Json> find_customer(const Call& call, std::string_view id);

/// Orders of the customer, oldest first.
std::vector<Json> orders_of(const Call& call, std::string_view customer);

Sales sales_of(const Call& call, std::string_view customer);

/// By customer, in order of the first purchase. Orders without a customer are left out.
std::vector<std::pair<std::string, Sales>> sales_by_customer(const Call& call);

/// 0–1, four decimals: 1 for who never bought; else growing with the days since the last purchase.
double churn_probability(const Sales& sales, Timestamp now);
/// Since the first purchase, four decimals.
double orders_in_30_days(const Sales& sales, Timestamp now);
/// new, returning, loyal: by how many orders.
std::string segment_of(std::int64_t orders);
std::vector<std::pair<Timestamp, std::string>> segments_over_time(const Sales& sales);
std::int64_t days_between(Timestamp earlier, Timestamp later);

/// "a,b" or a repeated parameter of the query.
std::vector<std::string_view> listed(const Call& call, std::string_view name);

}  // namespace vitrine::sandbox
