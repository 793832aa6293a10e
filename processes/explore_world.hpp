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

/// The outside of sagas in memory: what the payments, the platform, the stock and the coupons
/// would do. It does each thing once for its key, as those do. Several checkouts may share it: its
/// units, the uses of its coupon, its time.
class ExploredWorld {
public:
    enum class Charge { pending, authorized, captured, voided, expired, disputed, refunded };

    struct Payment {
        std::string checkout, method;
        Charge charge = Charge::pending;
        std::int64_t amount = 0, captured = 0, refunded = 0;
        std::optional<Timestamp> until;  // of what is paid later
        std::set<std::string> refund_keys;
    };
    struct Remote {
        enum class Status { active, completed, cancelled } status = Status::active;
        std::string checkout, order;
    };
    enum class Held { no, reserved, confirmed, fulfilled };
    struct Reservation {
        Held held = Held::no;
        Timestamp until;
    };
    enum class Use { no, locked, redeemed };

    gateways::Outcome act(const gateways::Effect& effect);
    /// What there is of it; nullopt: nothing.
    std::optional<gateways::Outcome> look(const gateways::Effect& effect) const;
    /// A definite no, as the one who is asked would say it. Nothing has happened.
    static gateways::Refused refuse(const gateways::Effect& effect);

    bool can_be_paid(std::string_view checkout) const;
    /// The buyer pays what waits for it, in time or late.
    void buyer_pays(std::string_view checkout);
    /// The buyer's bank takes back what is there; false: nothing is.
    bool bank_takes_back(std::string_view checkout);
    bool is_disputed(std::string_view checkout) const;
    void bank_decides(std::string_view checkout, bool won);
    /// A person closes by hand what is open on the platform.
    void close(std::string_view checkout);

    Held stock_of(std::string_view checkout) const;
    Use coupon_of(std::string_view checkout) const;
    /// Units that are reserved, allocated or gone.
    std::int64_t units_taken() const;
    std::int64_t uses_taken() const;

    Timestamp now;
    std::int64_t units = 1, uses = 1;
    std::map<std::string, Payment> payments;                              // by key
    std::map<std::string, Remote> remotes;                                // by id
    std::map<std::string, Reservation, std::less<>> reservations;         // by id
    std::map<std::string, Use, std::less<>> coupon;                       // by reference
    std::map<std::string, std::int64_t, std::less<>> given_back_by_hand;  // by checkout

private:
    gateways::Outcome pay(const gateways::Effect& effect);
    gateways::Outcome on_platform(const gateways::Effect& effect);
    gateways::Outcome command(const gateways::Effect& effect);
    gateways::Outcome on_stock(const gateways::Effect& effect);
    gateways::Outcome on_coupon(const gateways::Effect& effect);
    bool holds(const Reservation& reservation) const;
    void let_expire(Payment& payment) const;
    Payment* payment_named(const std::string& id);
    const Payment* payment_named(const std::string& id) const;
};

}  // namespace vitrine::processes
