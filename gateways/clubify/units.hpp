#pragma once

#include "gateways/clubify/json.hpp"

/// Where the platform's numbers become ours. Inside, money is integer cents, and rates are
/// fractions of 1 unless their name says percent. On the wire money is integer cents too, but rates
/// are percent (conversion_rate, abandonment_rate, retention) or fractions (churn_rate,
/// probabilities).
namespace vitrine::clubify {

/// Nothing, if it is not a whole number of cents.
std::optional<std::int64_t> cents_of(const Json& object, Names names);

/// Of a member that the platform gives in percent: 12.5 is 0.125.
std::optional<double> fraction_of_percent(const Json& object, Names names);

/// Of a member that the platform gives as a fraction.
std::optional<double> fraction_of(const Json& object, Names names);

/// Of a value in percent, that may be null.
std::optional<double> percent_as_fraction(const Json& value);

}  // namespace vitrine::clubify
