#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/ids.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "events/checkouts.hpp"
#include "rules/prices/installments.hpp"
#include "rules/prices/terms.hpp"

// What is to be paid, and what it is made of: a pure function of what is asked and of rules at
// their revisions. Integers alone; rounded once for each component, at line level.
namespace vitrine::rules::prices {

/// A product that is wanted: by one of its two names.
struct Item {
    std::optional<ProductId> product_id;
    std::optional<std::string> sku;
    std::int64_t quantity = 1;
    bool operator==(const Item&) const = default;
};
BOOST_DESCRIBE_STRUCT(Item, (), (product_id, sku, quantity))

/// What is asked. With the rules at the revisions that the quote names it gives the same quote.
struct Question {
    OfferId offer_id;
    std::vector<Item> items;  // empty: what the offer sells without anybody's choice
    std::optional<std::string> customer_id;
    std::vector<std::string> segments;  // of the customer
    std::optional<std::string> coupon;  // a code, however it is written
    std::optional<std::string> payment_method;
    std::optional<std::int64_t> installments;
    std::optional<std::int64_t> shipping_cents;
    std::vector<events::AcceptedBump> bumps;  // that are bought besides
    Timestamp at;
    bool operator==(const Question&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Question,
    (),
    (offer_id,
     items,
     customer_id,
     segments,
     coupon,
     payment_method,
     installments,
     shipping_cents,
     bumps,
     at)
)

/// The segment of whoever is not known.
inline constexpr std::string_view anonymous = "anonymous";

/// What it is decided by. All that it points to outlives the decision.
struct Rules {
    const OfferTerms* offer = nullptr;              // nullptr: there is none
    std::span<const ProductTerms* const> products;  // of each line of the offer; nullptr: unknown
    std::span<const PriceList* const> lists;
    std::span<const CouponTerms* const> coupons;    // that are asked for
    const InstallmentPlan* installments = nullptr;  // nullptr: one payment
    RoundingTerms rounding;
};

/// One thing that a price is made of. The deltas of all sum to the total.
struct Stage {
    std::string
        stage;  // base, price_list, offer_price, offer_discount, bump, coupon, shipping, interest
    std::string rule;  // the stream that says it: "product-0190…"; "given": the question does
    Version revision = 0;
    std::optional<std::int64_t> line;  // absent: of the whole order
    std::int64_t base_cents = 0;       // what it was worked out from
    std::int64_t delta_cents = 0;
    bool capped = false;  // it would have taken more than there was
    bool operator==(const Stage&) const = default;
};
BOOST_DESCRIBE_STRUCT(Stage, (), (stage, rule, revision, line, base_cents, delta_cents, capped))

struct QuotedLine {
    std::optional<ProductId> product_id;
    ClubifyId clubify_product_id;
    std::optional<std::string> sku;
    std::string name;
    std::int64_t quantity = 1;
    std::int64_t unit_cents = 0;  // before discounts
    std::int64_t subtotal_cents = 0;
    std::int64_t discount_cents = 0;
    std::int64_t total_cents = 0;
    std::optional<std::string> bump;  // the order bump that it is
    bool operator==(const QuotedLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    QuotedLine,
    (),
    (product_id,
     clubify_product_id,
     sku,
     name,
     quantity,
     unit_cents,
     subtotal_cents,
     discount_cents,
     total_cents,
     bump)
)

struct Quote {
    std::string currency;
    std::vector<QuotedLine> lines;
    std::vector<Stage> stages;
    std::int64_t subtotal_cents = 0;
    std::int64_t discount_cents = 0;
    std::int64_t shipping_cents = 0;
    std::int64_t interest_cents = 0;
    std::int64_t total_cents = 0;
    std::vector<Installments> installments;  // that are offered
    std::string rounding;                    // half_away, half_even
    Timestamp valid_until;
    bool operator==(const Quote&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Quote,
    (),
    (currency,
     lines,
     stages,
     subtotal_cents,
     discount_cents,
     shipping_cents,
     interest_cents,
     total_cents,
     installments,
     rounding,
     valid_until)
)

using Decision = std::expected<Quote, std::vector<Fault>>;

/// All faults at once, with pointers into the question.
Decision decide(const Question& question, const Rules& rules);

/// The price that goes for so many of a product: of all that hold then the one with the most
/// conditions that are met, then of the highest priority, the lowest amount, the first name.
struct ChosenPrice {
    enum class By { product, offer, list } by = By::product;
    const PriceList* list = nullptr;
    std::int64_t unit_cents = 0;
};

/// nullopt: none is known in the offer's currency.
std::optional<ChosenPrice> choose_price(
    const Question& question,
    const Rules& rules,
    const OfferLine& line,
    const ProductTerms* product,
    std::int64_t quantity
);

/// Why the coupon cannot be had for it now, whatever is in the cart.
std::vector<Fault> faults_of(const CouponTerms& coupon, const Question& question);

std::string_view name_of(Rounding rounding);
std::optional<Rounding> rounding_named(std::string_view name);

}  // namespace vitrine::rules::prices
