#pragma once

#include <string>

#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices {

/// What POST /v1/quotes answers, and checkouts keep.
std::string quote_json(const Quote& quote);

}  // namespace vitrine::rules::prices
