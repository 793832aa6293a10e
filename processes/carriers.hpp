#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "processes/fair_slots.hpp"
#include "processes/folded.hpp"
#include "processes/runner.hpp"
#include "processes/taker.hpp"

namespace vitrine::processes {

/// The effects that are under way: each is carried out until it has an outcome, tried again as its
/// retries say, and its outcome is handed to its process.
///
/// Concurrency: one loop.
class Carriers : public std::enable_shared_from_this<Carriers> {
public:
    /// Hands the process what came of one: that it has ended, or was put off.
    using Tell = std::function<boost::asio::awaitable<Taken>(ProcessName process, Input input)>;

    Carriers(const RunnerParts& parts, const RunnerOptions& options, Tell tell)
        : parts_(parts), options_(options), tell_(std::move(tell)), slots_(options.effects) {}

    /// As the process is now: effects that are intended begin, and those that are wanted no more
    /// are not tried again. What was intended after `before` has not been sent yet.
    void look(const ProcessName& process, const Kind& kind, const Folded& folded, Version before);

    void stop();

    std::size_t under_way() const;  // those that wait for another try included
    std::size_t pausing() const;    // of these
    std::size_t stuck() const;
    /// One that is under way and does not wait; for people.
    std::optional<std::string> active() const;

private:
    using Key = std::pair<ProcessName, EffectName>;
    struct Carrier;
    using SharedCarrier = std::shared_ptr<Carrier>;

    void begin(
        const ProcessName& process,
        const EffectName& name,
        const IntendedEffect& intended,
        const CorrelationId& correlation_id,
        bool is_new
    );
    void stand_still(Carrier& carrier, std::string reason);
    static boost::asio::awaitable<void> carry(
        std::shared_ptr<Carriers> self, SharedCarrier carrier
    );
    boost::asio::awaitable<std::optional<gateways::Outcome>> try_once(SharedCarrier carrier);
    void tell_people(const Carrier& carrier, const events::ProcessEffectPutOff& put_off);
    boost::asio::awaitable<void> pause(SharedCarrier carrier);
    std::optional<events::ProcessEffectPutOff> put_off(
        Carrier& carrier, const gateways::Outcome& outcome
    ) const;
    static events::ProcessEffectEnded ended(
        const Carrier& carrier, const gateways::Outcome& outcome
    );

    RunnerParts parts_;
    RunnerOptions options_;
    Tell tell_;
    FairSlots slots_;
    std::map<Key, SharedCarrier> carriers_;
    bool stopped_ = false;
};

}  // namespace vitrine::processes
