#pragma once

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>

#include "net/timekeeper.hpp"
#include "processes/held_signals.hpp"
#include "processes/runner.hpp"

namespace vitrine::processes {

/// Ends the wait of signals that came before their process: after a time, or when they are too
/// many, the oldest are given up, which is noted in the stream process-<kind>-<id>.
///
/// Concurrency: one loop.
class EarlySignals : public std::enable_shared_from_this<EarlySignals> {
public:
    /// What is thrown on the loop ends up there.
    using Failed = std::function<void(const std::exception_ptr&)>;

    EarlySignals(
        const RunnerParts& parts,
        const RunnerOptions& options,
        std::shared_ptr<HeldSignals> held,
        Failed failed
    )
        : parts_(parts), options_(options), held_(held), failed_(std::move(failed)) {}

    /// Waits for the end of the one that has waited longest, as things are now.
    void look();
    void stop();

    /// Some are being given up.
    bool is_active() const { return giving_up_; }

private:
    using Self = std::shared_ptr<EarlySignals>;
    static boost::asio::awaitable<void> give_up(Self self);
    boost::asio::awaitable<bool> note_given_up(HeldSignal signal);

    RunnerParts parts_;
    RunnerOptions options_;
    std::shared_ptr<HeldSignals> held_;
    Failed failed_;
    net::Appointment end_;
    bool giving_up_ = false;
    bool has_stopped_ = false;
};

}  // namespace vitrine::processes
