#include "sandbox/past_orders.hpp"

#include <iterator>

#include "sandbox/credentials.hpp"
#include "sandbox/random.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::uint64_t customer_stream = 2;
constexpr std::size_t id_digits = 24;

/// The same address is the same customer, whichever file and whichever start tells of it.
std::string id_of_email(std::string_view email) {
    std::uint64_t number = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : email) {
        number ^= static_cast<unsigned char>(c);
        number *= 0x100000001b3;
    }
    return Random(number, customer_stream).hex(id_digits);
}

void keep_first(std::string& kept, std::string_view told) {
    if (kept.empty()) kept = told;
}

template <class Items>
const typename Items::value_type* at(
    const Items& items, const TextMap<std::uint32_t>& places, std::string_view id
) {
    const auto found = places.find(id);
    return found == places.end() ? nullptr : &items[found->second];
}

}  // namespace

std::uint32_t PastOrders::number_of(std::string_view text) {
    const auto known = text_numbers_.find(text);
    if (known != text_numbers_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(texts_.size());
    texts_.emplace_back(text);
    text_numbers_.emplace(text, number);
    return number;
}

/// Known by the e-mail address, or else by the file's own word. 0: the line tells of nobody.
std::uint32_t PastOrders::customer_of_line(const CsvLine& line) {
    const auto email = lower_case(line.email);
    if (email.empty() && line.customer.empty()) return 0;
    const auto id = line.customer.empty() ? id_of_email(email) : std::string(line.customer);
    const auto by_email = email.empty() ? email_places_.end() : email_places_.find(email);
    const auto by_id = customer_places_.find(id);
    std::uint32_t place = 0;
    if (by_email != email_places_.end()) {
        place = by_email->second;
    } else if (by_id != customer_places_.end()) {
        place = by_id->second;
    } else {
        place = static_cast<std::uint32_t>(customers_.size());
        customers_.push_back({id, {}, {}, {}, {}});
    }
    customer_places_.try_emplace(id, place);
    auto& customer = customers_[place];
    keep_first(customer.email, email);
    if (!email.empty()) email_places_.try_emplace(email, place);
    keep_first(customer.name, line.name);
    keep_first(customer.country, line.country);
    return place + 1;
}

void PastOrders::add(const CsvLine& line) {
    const auto place = static_cast<std::uint32_t>(orders_.size());
    const auto [known, is_new] = order_places_.try_emplace(std::string(line.order), place);
    if (is_new) {
        orders_.push_back({});
        auto& order = orders_.back();
        order.id = line.order;
        order.time = line.time;
        order.discount = line.discount;
        order.shipping = line.shipping;
        order.payment_method = number_of(line.payment_method);
        order.currency = number_of(line.currency);
        order.source = number_of(line.source);
        order.medium = number_of(line.medium);
        order.campaign = number_of(line.campaign);
        order.customer = customer_of_line(line);
        if (order.customer != 0) customers_[order.customer - 1].orders.push_back(place);
    }
    orders_[known->second].lines.push_back(
        {number_of(line.slug),
         number_of(line.product),
         number_of(line.status),
         line.quantity,
         line.amount}
    );
}

const PastOrder* PastOrders::order(std::string_view id) const {
    return at(orders_, order_places_, id);
}

const PastCustomer* PastOrders::customer(std::string_view id) const {
    return at(customers_, customer_places_, id);
}

const PastCustomer* PastOrders::customer_by_email(std::string_view email) const {
    return at(customers_, email_places_, email);
}

const PastCustomer* PastOrders::customer_of(const PastOrder& order) const {
    return order.customer == 0 ? nullptr : &customers_[order.customer - 1];
}

}  // namespace vitrine::sandbox
