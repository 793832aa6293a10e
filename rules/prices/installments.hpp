#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/money.hpp"
#include "rules/prices/terms.hpp"

namespace vitrine::rules::prices {

/// A total in `count` payments: the first, and each of the others.
struct Installments {
    std::int64_t count = 1;
    std::int64_t first_cents = 0;
    std::int64_t each_cents = 0;
    std::int64_t total_cents = 0;
    std::int64_t interest_cents = 0;
    std::int64_t monthly_rate_ppm = 0;  // 0: without interest
    bool operator==(const Installments&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Installments,
    (),
    (count, first_cents, each_cents, total_cents, interest_cents, monthly_rate_ppm)
)

/// The instalments that a tenant offers. Without interest the first payment carries what does not
/// divide; with interest all are equal: by the annuity of the monthly rate, in exact fractions,
/// rounded once. Immutable: any thread.
class InstallmentPlan {
public:
    explicit InstallmentPlan(const InstallmentTerms& terms = {});

    const InstallmentTerms& terms() const { return terms_; }

    /// nullopt: that many are not offered for the total, or it is beyond 64 bits.
    std::optional<Installments> of(
        std::int64_t total, std::int64_t count, std::string_view currency, Rounding rounding
    ) const;

    /// All that are offered, from one payment on; none for what is free.
    std::vector<Installments> all(std::int64_t total, std::string_view currency, Rounding rounding)
        const;

private:
    struct Annuities;
    InstallmentTerms terms_;
    std::shared_ptr<const Annuities> annuities_;
};

}  // namespace vitrine::rules::prices
