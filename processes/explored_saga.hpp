#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "processes/checkout.hpp"
#include "processes/draft.hpp"
#include "processes/explore.hpp"
#include "processes/explore_world.hpp"

// For the .cpp files of the explorer.
namespace vitrine::processes {

/// How the buyer goes about it.
struct ExploredStory {
    std::string_view name, method, terms;
    enum class Buyer { pays_at_once, pays_late, never_pays } buyer = Buyer::pays_at_once;
    std::string_view card = "tok_approved_1";
};

/// What happens to one step of it, once. `step` without the id of a refund.
struct ExploredTrouble {
    std::string step;
    std::string_view crash, way, signals;
};

inline constexpr std::int64_t explored_total = 2990;

/// One checkout from its opening to where nothing follows any more: what the runner would do with
/// the same pure functions, one thing at a time. All that happens is told in the case.
class ExploredSaga {
public:
    /// `world` and `told` outlive it; other sagas may share them.
    ExploredSaga(
        ExploredWorld& world,
        ExploredCase& told,
        std::string id,
        const ExploredStory& story,
        ExploredTrouble trouble,
        std::uint64_t seed
    );

    /// Does one of the things that can be done at this time. False: there is none.
    bool go_on();
    /// When something falls due; nullopt: nothing is left that happens by itself.
    std::optional<Timestamp> next() const;

    /// Somebody pays again in another window, cancels, or wants money back: as far as that is
    /// allowed.
    void pay_again(const commands::PayTerms& terms);
    void cancel();
    void give_back(std::int64_t cents);
    /// The buyer's bank takes the money back.
    void dispute();
    /// Nothing goes wrong any more, and a person decides on each step that waits for one. False:
    /// none does.
    bool decide();

    const std::string& id() const { return process_.id; }
    const ExploredStory& story() const { return story_; }
    const commands::CheckoutState& state() const {
        return *static_cast<const Checkout::State*>(folded_.state.get());
    }
    const Folded& folded() const { return folded_; }
    /// What a person has accepted as lost.
    std::int64_t accepted_cents() const { return accepted_cents_; }
    /// Commands that were answered more than once.
    bool has_answered_twice() const;

private:
    struct Carrier {
        bool perhaps_sent = false;
        std::int64_t tries = 0, asked = 0;
        Timestamp until;
    };

    void begin();
    void feed(const commands::CheckoutEvents& events, const std::string& command);
    void append(events::Encoded encoded);
    void record(const store::NewEvent& event);
    void restart();
    void take(const Input& input);
    Folded copy() const;
    bool hits(std::string_view point);
    bool is_troubled(std::string_view effect) const;
    bool buyer_acts();
    void tell(const std::string& name);
    void carry(const EffectName& name);
    gateways::Outcome outcome_of(
        const EffectName& name, const WantedEffect& wanted, Carrier& carrier
    );
    void end(
        const EffectName& name,
        const WantedEffect& wanted,
        Carrier& carrier,
        const gateways::Outcome& outcome
    );
    void end_dispute();
    void decide_on(const std::string& step, const commands::BlockedStep& blocked);
    void say(const std::string& what);

    const Kind kind_ = process_of<Checkout>();
    ExploredWorld& world_;
    ExploredCase& told_;
    const ProcessName process_;
    const ExploredStory story_;
    ExploredTrouble trouble_;
    std::mt19937_64 random_;
    Folded folded_;
    std::vector<events::RecordedEvent> log_;
    std::map<EffectName, Carrier> carried_;
    std::map<std::string, int> answers_;  // by command
    std::int64_t accepted_cents_ = 0;
    bool has_crashed_ = false, was_troubled_ = false, is_healed_ = false, has_paid_ = false;
    int facts_ = 0, commands_ = 0;
};

}  // namespace vitrine::processes
