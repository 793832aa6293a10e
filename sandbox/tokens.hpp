#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/time.hpp"
#include "sandbox/lookup.hpp"
#include "sandbox/random.hpp"

namespace vitrine::sandbox {

/// What a token lets its bearer do.
struct Grant {
    std::string mode{};                  // "test" or "live"
    std::string scope{};                 // "tenant", "cross_tenant", "organization"
    std::string tenant{};                // empty: none chosen
    std::string organization{};          // empty: not known
    std::vector<std::string> tenants{};  // that an organization's token may choose; {"*"}: any

    bool may_use(std::string_view tenant_id) const;
    bool operator==(const Grant&) const = default;
};

/// Access tokens of 3600 s and refresh tokens of 30 days that serve once, as signed JWTs: they
/// outlive a restart without being stored. Their signing key is no secret; anyone is given a token
/// for the asking.
class Tokens {
public:
    static constexpr std::chrono::seconds lifetime{3600};
    static constexpr std::chrono::hours refresh_lifetime{24 * 30};

    struct Pair {
        std::string access;
        std::string refresh;
    };

    explicit Tokens(Random random) : random_(random) {}

    Pair issue(const Grant& grant, Timestamp now);

    /// The grant of a good access token; nullptr else. Valid until the next call.
    const Grant* check(std::string_view token, Timestamp now);

    /// nullopt: not a refresh token, expired, or used before (since the start).
    std::optional<Grant> redeem(std::string_view token, Timestamp now);

private:
    struct Known {
        Grant grant;
        Timestamp expires;
    };

    std::string sign(const Grant& grant, std::string_view use, Timestamp now, Timestamp expires);

    Random random_;
    TextMap<Known> known_;  // access tokens whose signature was checked
    std::unordered_set<std::string> redeemed_;
};

}  // namespace vitrine::sandbox
