#pragma once

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/offers/offer.hpp"

// The products of an offer, one line each. Pure.
namespace vitrine::commands {

/// The line that `input` asks for beside `lines`. nullopt: it cannot be; `faults` has why, at
/// `pointer`.
std::optional<events::OfferProduct> new_line(
    const OfferProductInput& input,
    const std::vector<events::OfferProduct>& lines,
    const KnownProducts& known,
    const std::string& pointer,
    std::vector<Fault>& faults
);

/// `line` with what `input` gives; `faults` has what cannot be, at `pointer`.
events::OfferProduct changed_line(
    events::OfferProduct line,
    const OfferProductInput& input,
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
