#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

struct BumpDisplay {
    std::string checkout;
    Timestamp at;
    bool in_session = false, to_customer = false;
};

struct BumpSums {
    std::int64_t displayed = 0, accepted = 0, declined = 0, accepted_cents = 0;
};

/// Look-ups in the read model `bump_displays`, on the caller's thread.
class BumpDisplaysReader {
public:
    explicit BumpDisplaysReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// To this session or customer, each checkout once; the newest thousand of both.
    std::vector<BumpDisplay> displays(
        const TenantId& tenant,
        const OfferId& offer,
        std::string_view bump,
        const std::optional<std::string>& session,
        const std::optional<std::string>& customer
    );

    BumpSums sums(const TenantId& tenant, const OfferId& offer, std::string_view bump);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
