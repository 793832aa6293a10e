#pragma once

#include "commands/checkouts/bumps.hpp"
#include "commands/checkouts/checkout.hpp"
#include "commands/engine/definition.hpp"

namespace vitrine::commands {

inline constexpr Entity checkout_entity{
    .name = "checkout",
    .collection = "/v1/checkouts",
    .this_one = {"checkout", "este checkout"},
    .has_process = true,
    .category = "sale"
};

CheckoutState load_checkout(
    store::EventStore& store, const TenantId& tenant, const std::string& id
);

/// What a quote is asked by.
struct Asked {
    OfferId offer_id;
    JsonText items;
    std::optional<std::string> customer_id, coupon;
    std::optional<std::int64_t> shipping_cents;
    std::vector<events::AcceptedBump> bumps = {};
};

/// What the checkout is quoted by as it is.
Asked asked_of(const CheckoutState& state);

QuoteDecision quoted(const Asked& asked, const Preparation& from);

/// What its order bumps are decided by now. Without a read model there are none.
BumpsNow bumps_now(
    const CheckoutState& state, const rules::bumps::Context& context, const Preparation& from
);

/// Who is named in it is known by now, or nobody knows them.
void of_buyer(Plan& plan, const Buyer& buyer);

}  // namespace vitrine::commands
