#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "projections/sales/reader.hpp"

namespace vitrine::queries {

/// In which order lists by revenue have their currencies: nobody can say whether 100 dollars are
/// more than 400 reais, so that one comes after the other. That with the most orders is first, as
/// the one that the seller mostly sells in; then by letter.
class CurrencyOrder {
public:
    void add(const projections::SalesSum& sum) { orders_[sum.currency] += sum.orders; }

    bool is_before(const std::string& a, const std::string& b) const {
        const auto left = orders_of(a), right = orders_of(b);
        return left != right ? left > right : a < b;
    }

private:
    std::int64_t orders_of(const std::string& currency) const {
        const auto found = orders_.find(currency);
        return found == orders_.end() ? 0 : found->second;
    }

    std::map<std::string, std::int64_t> orders_;
};

}  // namespace vitrine::queries
