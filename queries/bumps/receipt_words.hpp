#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json_text.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "rules/bumps/decide.hpp"

namespace vitrine::queries {

/// One decision of a checkout: a quote, or what became of an order bump.
struct Receipt {
    Timestamp at;
    std::string kind;  // quote, bump_displayed, bump_accepted, bump_declined, bump_kept, …
    std::string currency;
    std::optional<std::int64_t> price_cents;
    // Of a quote:
    JsonText quote;
    std::optional<std::string> code;  // of its coupon
    // Of a bump:
    std::string bump, name, decision;
    std::int64_t revision = 0;
    std::optional<std::int64_t> full_cents;
    JsonText inputs;
    std::vector<rules::bumps::Reason> reasons;
};

/// What the buyer is told of it, in plain words.
Phrase words_of(const Receipt& receipt);

/// "R$ 1.234,56" and "R$ 1,234.56".
Phrase amount_of(std::int64_t cents, const std::string& currency);

}  // namespace vitrine::queries
