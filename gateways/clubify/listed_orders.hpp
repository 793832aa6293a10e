#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "gateways/clubify/listed.hpp"

// A tenant's orders as they are on the platform, in our words: integer cents, one spelling.
namespace vitrine::clubify {

struct ListedOrderLine {
    ClubifyId product;  // empty: not told
    std::optional<ClubifyId> offer;
    std::optional<std::string> sku, name;
    std::int64_t quantity = 1;
    std::int64_t amount_cents = 0;  // of all of it
    std::string kind;               // "order_bump", "upsell", …; empty: not told
};

struct ListedOrder {
    std::string id;
    std::string status, payment_status;  // empty: not told
    Timestamp placed_at{};
    std::optional<Timestamp> completed_at;
    std::string currency;
    std::int64_t total_cents = 0;
    std::int64_t discount_cents = 0, shipping_cents = 0;
    std::optional<std::int64_t> refunded_cents;
    std::vector<ListedOrderLine> lines;
    std::optional<ClubifyId> offer, customer;
    std::optional<std::string> payment_method, source, medium, campaign;
};

/// As product_page.
asio::awaitable<Result<ListedPage<ListedOrder>>> order_page(
    Clubify& clubify, Account account, int page
);

/// Without an id, a total or a time that can be read an order is unreadable. nullopt: the answer is
/// no list.
std::optional<ListedPage<ListedOrder>> read_listed_orders(const JsonText& answer, int page);

}  // namespace vitrine::clubify
