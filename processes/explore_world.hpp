#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "gateways/errand.hpp"

namespace vitrine::processes {

/// The outside of a saga in memory: what the payments, the platform, the stock and the coupons
/// would do. It does each thing once for its key, as those do.
class ExploredWorld {
public:
    enum class Charge { pending, authorized, captured, voided, expired, declined };

    struct Payment {
        Charge charge = Charge::pending;
        std::string method;
        std::int64_t amount = 0, captured = 0, refunded = 0;
        std::set<std::string> refund_keys;
    };
    struct Remote {
        enum class Status { active, completed, cancelled } status = Status::active;
        std::string order;
    };
    enum class Held { no, reserved, confirmed, fulfilled };
    enum class Use { no, locked, redeemed };

    /// `saga`: the id under which the platform finds a checkout again.
    gateways::Outcome act(const gateways::Effect& effect);
    /// What there is of it; nullopt: nothing.
    std::optional<gateways::Outcome> look(const gateways::Effect& effect) const;
    /// A definite no, as the one who is asked would say it. Nothing has happened.
    static gateways::Refused refuse(const gateways::Effect& effect);

    /// The buyer pays whatever waits for it, in time or late.
    void buyer_pays();
    void time_is_over();

    std::map<std::string, Payment> payments;  // by key
    std::map<std::string, Remote> remotes;    // by id
    Held stock = Held::no;
    Use coupon = Use::no;
    bool customer = false;

private:
    gateways::Outcome pay(const gateways::Effect& effect);
    gateways::Outcome on_platform(const gateways::Effect& effect);
    gateways::Outcome command(const gateways::Effect& effect);
    Payment* payment_named(const std::string& id);
    const Payment* payment_named(const std::string& id) const;
};

}  // namespace vitrine::processes
