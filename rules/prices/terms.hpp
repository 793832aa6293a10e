#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "events/offers.hpp"

// The rules by which prices are decided, each at a revision: the version of the stream that says
// it.
namespace vitrine::rules::prices {

struct ProductTerms {
    ProductId product_id;
    Version revision = 0;
    std::string name;
    std::optional<std::string> sku;
    std::optional<std::int64_t> price_cents;  // absent: not known
    std::string currency;
    bool archived = false;
    ClubifyId clubify_product_id = {};
};

/// A product as an offer sells it.
struct OfferLine {
    std::optional<ProductId> product_id;  // absent: only the platform knows the product
    ClubifyId clubify_product_id;
    std::int64_t quantity = 1;
    bool required = true;
    std::optional<std::int64_t> price_cents;  // instead of the product's own
    std::optional<events::Discount> discount;
};

struct OfferTerms {
    OfferId offer_id;
    Version revision = 0;
    std::string status, currency;
    std::vector<OfferLine> lines;
};

struct PriceEntry {
    ProductId product_id;
    std::int64_t min_quantity = 1;
    std::int64_t price_cents = 0;
};

struct PriceList {
    std::string name;
    Version revision = 0;
    std::string currency;
    std::int64_t priority = 0;
    std::optional<Timestamp> valid_from, valid_to;
    std::optional<std::string> segment;
    std::vector<PriceEntry> entries;  // by product
};

struct CouponTerms {
    std::string id;    // the code as case does not matter
    std::string code;  // as it was given
    Version revision = 1;
    events::Discount discount;
    std::optional<std::int64_t> min_cart_cents, max_uses, max_uses_per_customer;
    std::optional<Timestamp> valid_from, valid_to;
    std::vector<OfferId> offers;      // empty: for any
    std::vector<ProductId> products;  // likewise
    std::optional<std::string> exclusive_group;
    bool disabled = false;
    std::int64_t used = 0, locked = 0;
    std::int64_t held_by_customer = 0;  // of the uses and locks, those of who asks
};

/// What a tenant says of instalments: of what it never said, one payment.
struct InstallmentTerms {
    Version revision = 0;
    std::int64_t max = 1;
    std::int64_t interest_free = 1;
    std::int64_t monthly_rate_ppm = 0;
    std::int64_t min_installment_cents = 0;
};

/// How a tenant's books round.
struct RoundingTerms {
    Version revision = 0;
    Rounding rounding = Rounding::half_away;
};

}  // namespace vitrine::rules::prices
