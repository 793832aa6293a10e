#pragma once

#include <optional>

#include "sandbox/peers/pagarme/book.hpp"

namespace vitrine::sandbox::pagarme {

/// What is wrong with the body of POST /orders, all of it; nullopt: nothing.
std::optional<Refused> faults_of_order(const Json& body);

/// The sum of its items.
std::int64_t amount_of(const Json& body);

}  // namespace vitrine::sandbox::pagarme
