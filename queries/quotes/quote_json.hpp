#pragma once

#include <string>

#include "rules/prices/quote.hpp"

namespace vitrine::queries {

/// What POST /v1/quotes answers.
std::string quote_json(const rules::prices::Quote& quote);

}  // namespace vitrine::queries
