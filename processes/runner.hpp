#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/ids.hpp"
#include "gateways/errand.hpp"
#include "net/timekeeper.hpp"
#include "processes/notice.hpp"
#include "processes/open_processes.hpp"
#include "processes/process.hpp"
#include "store/event_store.hpp"

namespace vitrine::processes {

struct RunnerOptions {
    std::size_t reactions = 64;  // at once
    std::size_t effects = 32;    // at once; those that wait for another try are not counted
    std::size_t kept = 512;      // folded processes whose effects are under way
    /// How long, by the service's clock, a signal waits for a process that is not there yet.
    std::chrono::hours early_wait{7 * 24};
    std::size_t early_limit = 10'000;  // signals that wait so; beyond it the oldest are given up
    int most_tries = 20;               // while others write to the same stream
    gateways::ErrandOptions errand{.patience = std::chrono::seconds(30)};
    std::chrono::milliseconds first_pause{20};  // while the store cannot take an append
    std::chrono::milliseconds longest_pause{2'000};
};

/// What the runner works with. References outlive it.
struct RunnerParts {
    boost::asio::any_io_executor loop;
    store::EventStore& store;
    std::vector<Kind> kinds;
    gateways::Connectors connectors;
    net::Timekeeper& time;
    OpenProcesses& open;
    std::filesystem::path checkpoint;  // a cache; empty: none is kept
    Notify notify;
    /// How long after its time a timer was recorded as fired; may be empty.
    std::function<void(const std::string& kind, std::chrono::microseconds late)> fired = {};
    /// A command that has fed a process was answered: CommandBus::answered; may be empty.
    std::function<void(const store::CommandName& name)> answered = {};
};

struct RunnerFigures {
    Position position = 0;      // up to which the log has been worked through
    std::size_t reactions = 0;  // under way
    std::size_t effects = 0;    // under way, those that wait for another try included
    std::size_t pausing = 0;    // of these: wait for another try
    std::size_t early = 0;      // signals that wait for their process
    std::size_t stuck = 0;      // signals, timers and effects that stand still until the next start
};

/// Does for every process what follows from its pure functions: follows the log, hands signals to
/// the processes that they concern, appends what these say, keeps their timers, and carries out
/// their effects.
///
/// Operation: nothing is remembered outside the log, but for the folded states of some processes
/// whose outcomes are near (KeptProcesses). What a signal brings about is one append whose
/// events have ids made from process and signal, so that it is taken once. An intent stands in the
/// log before anything is sent; a restart asks for those whose outcome is not there, and about
/// each before it is sent again. No turn of the stream is held while an effect runs: only loading,
/// deciding and appending are one at a time for a process; commands on the same stream are met as
/// conflicts. docs/processes.md says more. Concurrency: one loop: the one given; the log is read on
/// a thread of its own. Errors: what goes wrong in one process holds up that one, and is told.
class Runner {
public:
    Runner(RunnerParts parts, RunnerOptions options);
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    /// Once: takes up what an earlier one left, and follows the log from then on.
    void start();

    /// Nothing new begins from now on.
    void stop();

    /// As stop; `done` is called when nothing is under way, or after `limit` of real time.
    void drain(std::chrono::milliseconds limit, std::function<void()> done);

    /// Nothing of what was recorded so far, or is due, is left to be done; effects that wait for
    /// another try, and what stands still, do not count.
    bool is_idle() const;

    RunnerFigures figures() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::processes
