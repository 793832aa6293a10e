#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateways/clubify/clubify.hpp"
#include "gateways/clubify/wire.hpp"

// A tenant's products, offers and customers as they are on the platform, in our words: integer
// cents, one spelling, defaults filled in.
namespace vitrine::clubify {

struct ListedProduct {
    ClubifyId id;
    std::string name;
    std::string type;  // digital, physical, service, subscription
    std::optional<std::string> description;
    std::optional<std::int64_t> price_cents;  // absent: not told
    std::string currency;
    std::optional<std::string> sku;
    JsonText metadata;  // without our mark
    Mark mark;
};

struct ListedOffer {
    ClubifyId id;
    std::string name;
    std::string slug;
    std::string type;    // single, combo, bundle, subscription, funnel
    std::string status;  // draft, active, paused, archived
    std::optional<std::string> description;
    std::string currency;
    std::vector<OfferProduct> products;
    JsonText settings, theme, layout, seo, tracking;
    JsonText metadata;  // without our mark
    Mark mark;
};

struct ListedCustomer {
    ClubifyId id;
    std::string name, email, phone, document;  // as they stand there; may be empty
    std::string status;                        // active, inactive, suspended, deleted
    std::vector<std::string> tags;
    JsonText address;
    JsonText metadata;  // without our mark
    Mark mark;
};

template <class Item>
struct ListedPage {
    std::vector<Item> items;
    /// What stands in the list and cannot be understood: its id, or "" without one.
    std::vector<std::string> unreadable;
    bool last = true;
};

/// Pages count from 1 and have 100 entries.
asio::awaitable<Result<ListedPage<ListedProduct>>> product_page(
    Clubify& clubify, Account account, int page
);
asio::awaitable<Result<ListedPage<ListedOffer>>> offer_page(
    Clubify& clubify, Account account, int page
);

asio::awaitable<Result<ListedPage<ListedCustomer>>> customer_page(
    Clubify& clubify, Account account, int page
);

/// What the pages are made of; nullopt: the answer is no list.
std::optional<ListedPage<ListedProduct>> read_listed_products(const JsonText& answer, int page);
std::optional<ListedPage<ListedOffer>> read_listed_offers(const JsonText& answer, int page);
std::optional<ListedPage<ListedCustomer>> read_listed_customers(const JsonText& answer, int page);

}  // namespace vitrine::clubify
