#pragma once

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/offers/offer.hpp"

// The products of an offer, one line each. Pure.
namespace vitrine::commands {

/// nullptr: it is not one of them.
const KnownProduct* find_product(const KnownProducts& known, const ProductId& id);
const KnownProduct* find_product(const KnownProducts& known, const ClubifyId& id);

/// The line that `input` asks for beside `lines`, in an offer of that currency. It cannot be if
/// `faults` gained why, at `pointer`; it is told all the same, so that others see what is double.
/// nullopt: of no product that is known.
std::optional<events::OfferProduct> new_line(
    const OfferProductInput& input,
    const std::vector<events::OfferProduct>& lines,
    const std::string& currency,
    const KnownProducts& known,
    const std::string& pointer,
    std::vector<Fault>& faults
);

/// `line` with what `input` gives; `faults` has what cannot be, at `pointer`. nullptr: the
/// product's own price is not known.
events::OfferProduct changed_line(
    events::OfferProduct line,
    const OfferProductInput& input,
    const KnownProduct* product,
    const std::string& pointer,
    std::vector<Fault>& faults
);

/// Why the line's amounts cannot be if its product has that price, which counts unless the line has
/// one of its own: more discount than price, or more in all than amounts can hold. The pointers are
/// to the member of a line. Empty: they can be.
std::vector<Fault> faults_of_amounts(
    const events::OfferProduct& line, std::optional<std::int64_t> product_price_cents
);

/// A product's own price is in the currency of its offers.
void check_currency(
    const KnownProduct& product,
    const std::string& currency,
    const std::string& pointer,
    std::vector<Fault>& faults
);

/// By our id (also where the line was put in by the platform's) or the platform's; nullptr: not in
/// the offer.
const events::OfferProduct* find_line(
    const std::vector<events::OfferProduct>& lines,
    const std::string& product,
    const KnownProducts& known
);

/// A change may repeat the product of its line, but not name another.
void check_same_product(
    const events::OfferProduct& line,
    const OfferProductInput& input,
    const KnownProducts& known,
    std::vector<Fault>& faults
);

std::unexpected<Rejection> no_such_line();

}  // namespace vitrine::commands
