#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// One row of what quotes are decided by: its JSON, as it is told to whoever asks for it.
struct PricingRow {
    std::string id;
    Version version = 0;
    std::string status;
    std::string body;
};

/// Look-ups in the read model `pricing`, on the caller's thread; all of one state of it.
class PricingReader {
public:
    explicit PricingReader(Lease lease) : lease_(std::move(lease)) { lease_.read_position(); }

    Position position() const { return lease_.position(); }

    /// 0: there is none.
    Version offer_version(const TenantId& tenant, std::string_view id);
    std::optional<PricingRow> offer(const TenantId& tenant, std::string_view id);

    Version product_version(const TenantId& tenant, std::string_view id);
    std::optional<PricingRow> product(const TenantId& tenant, std::string_view id);
    /// Of the platform's id.
    std::optional<PricingRow> platform_product(const TenantId& tenant, std::string_view id);

    /// A row of `coupons`, `price_lists` or `price_settings`; its version alone: 0 is none.
    Version version(const TenantId& tenant, std::string_view table, std::string_view id);
    std::optional<PricingRow> row(
        const TenantId& tenant, std::string_view table, std::string_view id
    );

    /// Uses of the coupon that the customer holds and has used.
    std::int64_t held_by(
        const TenantId& tenant, std::string_view coupon, std::string_view customer
    );

    /// Those that are there, without their bodies, in the order of their names.
    std::vector<PricingRow> price_lists(const TenantId& tenant);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
