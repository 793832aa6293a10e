#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/ids.hpp"
#include "events/pricing.hpp"

// The write models of a price list, and of what a tenant says of instalments and rounding. Pure.
namespace vitrine::commands {

struct SetPriceList {
    std::string currency;
    std::int64_t priority = 0;
    std::optional<std::string> valid_from;  // RFC 3339
    std::optional<std::string> valid_to;
    std::optional<std::string> segment;
    std::vector<events::ListedPrice> entries;  // ids as they came
};

struct DeletePriceList {
    std::optional<std::string> reason;
};

/// What decide must know of a price list.
struct PriceListState {
    Version version = 0;  // 0: it was never set
    std::string name;
    std::optional<events::PriceListSet> set;  // nullopt: it is not there
};

/// Those of the products named that the tenant does not have.
using UnknownProducts = std::set<ProductId>;

using PriceListEvents = std::vector<events::PriceListEvent>;
using PriceListDecision = std::expected<PriceListEvents, Rejection>;

PriceListDecision decide(
    const SetPriceList& command, const PriceListState& state, const UnknownProducts& unknown
);  // no events: so already
PriceListDecision decide(const DeletePriceList& command, const PriceListState& state);

PriceListState evolve(PriceListState state, const events::PriceListEvent& event);

/// Nullopt is what nobody has said.
struct PricingState {
    Version version = 0;
    std::optional<events::InstallmentsSet> installments;
    std::optional<events::RoundingSet> rounding;
};

using PricingEvents = std::vector<events::PricingEvent>;
using PricingDecision = std::expected<PricingEvents, Rejection>;

/// No events: so already.
PricingDecision decide(const events::InstallmentsSet& wanted, const PricingState& state);
PricingDecision decide(const events::RoundingSet& wanted, const PricingState& state);

PricingState evolve(PricingState state, const events::PricingEvent& event);

}  // namespace vitrine::commands
