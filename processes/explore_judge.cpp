#include "processes/explore_judge.hpp"

#include <algorithm>

namespace vitrine::processes {
namespace {

using World = ExploredWorld;
using Charge = World::Charge;
using End = commands::CheckoutState::End;

bool is_refund(std::string_view step) {
    return step.starts_with("refund-");
}

class Judgement {
public:
    Judgement(const ExploredSaga& saga, const World& world)
        : saga_(saga), s_(saga.state()), world_(world) {
        for (const auto& [key, payment] : world.payments) {
            if (payment.checkout != saga.id()) continue;
            captured_ += payment.captured;
            refunded_ += payment.refunded;
            charges_ += payment.captured != 0 ? 1 : 0;
            is_open_ = is_open_ || payment.charge == Charge::authorized ||
                       payment.charge == Charge::pending;
            if (payment.charge == Charge::disputed)
                disputed_ += payment.captured - payment.refunded;
        }
        for (const auto& [id, remote] : world.remotes) {
            if (remote.checkout != saga.id()) continue;
            orders_ += remote.status == World::Remote::Status::completed ? 1 : 0;
            is_active_ = is_active_ || remote.status == World::Remote::Status::active;
        }
        const auto by_hand = world.given_back_by_hand.find(saga.id());
        if (by_hand != world.given_back_by_hand.end()) by_hand_ = by_hand->second;
    }

    std::vector<std::string> end() && {
        money();
        ledger();
        blocked_amounts();
        things();
        ends();
        return std::move(violations_);
    }

private:
    void must(bool holds, const char* what) {
        if (!holds) violations_.push_back(saga_.id() + ": " + what);
    }

    bool is_blocked(std::string_view step) const { return s_.blocked.contains(step); }

    /// Whether the money came is what a person has to find out.
    bool is_charge_unknown() const {
        return std::ranges::any_of(
            std::initializer_list<std::string_view>{
                "authorize", "issue", "capture", "void", "look"
            },
            [this](std::string_view step) { return is_blocked(step); }
        );
    }

    /// What is told as blocked of the money.
    std::int64_t told_cents() const {
        std::int64_t sum = 0;
        for (const auto& [step, blocked] : s_.blocked) sum += blocked.amount_cents;
        return sum;
    }

    std::int64_t told_refund_cents() const {
        std::int64_t sum = 0;
        for (const auto& [step, blocked] : s_.blocked)
            sum += is_refund(step) ? blocked.amount_cents : 0;
        return sum;
    }

    void money() {
        must(charges_ <= 1, "a second charge");
        must(refunded_ + by_hand_ <= captured_, "more was given back than was charged");
        must(orders_ <= 1, "a second order");
        must(orders_ == 0 || captured_ == explored_total, "an order without money");
        const auto kept = captured_ - refunded_ - by_hand_ - saga_.accepted_cents();
        must(
            orders_ == 1 || kept <= told_cents(),
            "money without an order or a refund, of which nobody is told"
        );
        must(!is_open_ || is_charge_unknown(), "a charge stays open, and nobody is told");
    }

    void ledger() {
        must(
            s_.captured_cents == captured_ || is_charge_unknown(),
            "the ledger does not know what was charged"
        );
        const auto unknown = refunded_ + by_hand_ - s_.refunded_cents;
        must(
            unknown >= 0 && unknown <= told_refund_cents(),
            "the ledger does not know what was given back"
        );
        must(
            s_.disputed_cents == disputed_ || is_blocked("look"),
            "the ledger does not know what is disputed"
        );
        must(s_.refunding_cents() == told_refund_cents(), "money is on its way back for ever");
    }

    /// What each of them says that is at stake.
    void blocked_amounts() {
        for (const auto& [step, blocked] : s_.blocked) {
            const bool is_charge =
                step == "authorize" || step == "issue" || step == "capture" || step == "void";
            const bool is_kept = step == "look" || step == "complete" || step == "dispute";
            if (is_charge)
                must(blocked.amount_cents == explored_total, "a wrong amount is blocked");
            if (is_kept)
                must(
                    blocked.amount_cents > 0 && blocked.amount_cents <= explored_total,
                    "a wrong amount is blocked"
                );
            const bool is_money = is_charge || is_kept;
            if (!is_money && !is_refund(step))
                must(blocked.amount_cents == 0, "an amount is blocked where no money is");
            must(!blocked.problem.empty(), "nobody says why a step is blocked");
        }
    }

    void things() {
        const bool is_completed = s_.end == End::completed;
        const auto stock = world_.stock_of(saga_.id());
        const auto use = world_.coupon_of(saga_.id());
        must(
            is_completed == (orders_ == 1) || is_blocked("complete"),
            "the platform's order is not ours"
        );
        if (is_completed) {
            must(stock == World::Held::fulfilled || is_blocked("fulfil"), "stock leaks");
            must(use == World::Use::redeemed || is_blocked("redeem"), "the coupon is not used");
        } else if (s_.end != End::none) {
            must(stock == World::Held::no || is_blocked("release"), "stock is held for nothing");
            must(use == World::Use::no || is_blocked("unlock"), "the coupon is held for nothing");
            must(
                !is_active_ || is_blocked("cancel") || is_blocked("checkout"),
                "the platform's checkout stays open"
            );
        }
    }

    void ends() {
        must(s_.end != End::none || !s_.blocked.empty(), "it neither ends nor waits for a person");
        const auto& folded = saga_.folded();
        must(folded.under_way.empty(), "something is under way for ever");
        must(folded.timers.empty(), "a timer is set for ever");
        must(
            folded.asked.empty() || (s_.end == End::none && is_charge_unknown()),
            "a command was not answered"
        );
        must(!saga_.has_answered_twice(), "a command was answered twice");
        const auto& told = folded.waiting.state;
        const bool is_told = s_.blocked.empty() ? told == events::process_state::done
                                                : told == events::process_state::blocked;
        must(is_told, "the process does not say that it is done, or waits for a person");
    }

    const ExploredSaga& saga_;
    const commands::CheckoutState& s_;
    const World& world_;
    std::int64_t captured_ = 0, refunded_ = 0, disputed_ = 0, by_hand_ = 0;
    int charges_ = 0, orders_ = 0;
    bool is_open_ = false, is_active_ = false;
    std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> violations_of(const ExploredSaga& saga, const ExploredWorld& world) {
    return Judgement(saga, world).end();
}

}  // namespace vitrine::processes
