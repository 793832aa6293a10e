#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "sandbox/lookup.hpp"
#include "sandbox/order_csv.hpp"

namespace vitrine::sandbox {

/// A line of an order. Texts are numbered: PastOrders::text().
struct PastLine {
    std::uint32_t slug{}, product{}, status{};
    std::int64_t quantity{}, amount{};  // cents, of the whole line
};

struct PastOrder {
    std::string id;
    Timestamp time{};
    std::vector<PastLine> lines;
    std::int64_t discount{}, shipping{};         // cents
    std::uint32_t customer{};                    // 0: nobody; else one more than its place
    std::uint32_t payment_method{}, currency{};  // empty: not told
    std::uint32_t source{}, medium{}, campaign{};
};

struct PastCustomer {
    std::string id;  // as the CSV names it, or made of the e-mail address
    std::string name, email, country;
    std::vector<std::uint32_t> orders;  // by place
};

/// The orders and customers that the lines of the CSV tell of, in the order in which they came.
class PastOrders {
public:
    void add(const CsvLine& line);

    const std::deque<PastOrder>& orders() const { return orders_; }
    const std::deque<PastCustomer>& customers() const { return customers_; }
    const std::string& text(std::uint32_t number) const { return texts_[number]; }

    const PastOrder* order(std::string_view id) const;
    const PastCustomer* customer(std::string_view id) const;
    const PastCustomer* customer_by_email(std::string_view email) const;
    /// Whose order it is; nullptr: nobody's who is told.
    const PastCustomer* customer_of(const PastOrder& order) const;

private:
    std::uint32_t number_of(std::string_view text);
    std::uint32_t customer_of_line(const CsvLine& line);

    std::deque<PastOrder> orders_;
    std::deque<PastCustomer> customers_;
    TextMap<std::uint32_t> order_places_, customer_places_, email_places_;
    std::deque<std::string> texts_{""};
    TextMap<std::uint32_t> text_numbers_{{"", 0}};
};

}  // namespace vitrine::sandbox
