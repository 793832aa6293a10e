#pragma once

#include "projections/pricing/reader.hpp"
#include "rules/prices/terms.hpp"

// Rows of the read model `pricing` as rules. Throws nlohmann::json::exception for what is none.
namespace vitrine::queries {

rules::prices::OfferTerms offer_terms(const projections::PricingRow& row);
rules::prices::ProductTerms product_terms(const projections::PricingRow& row);
rules::prices::PriceList price_list(const projections::PricingRow& row);
rules::prices::CouponTerms coupon_terms(const projections::PricingRow& row);
rules::prices::InstallmentTerms installment_terms(const projections::PricingRow& row);
rules::prices::RoundingTerms rounding_terms(const projections::PricingRow& row);

}  // namespace vitrine::queries
