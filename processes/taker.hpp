#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>

#include "commands/engine/turns.hpp"
#include "processes/draft.hpp"
#include "processes/kept_processes.hpp"
#include "processes/runner.hpp"

namespace vitrine::processes {

enum class Taken {
    taken,      // now or before
    not_there,  // there is no such process yet
    stuck,      // it cannot be now, and why has been told
    stopped,    // the runner stops
};

/// Hands one signal to one process: folds its stream, or what has come to it since it was taken
/// last, lets it react, appends.
///
/// Concurrency: one loop; for one process one at a time, first come, first served.
class Taker : public std::enable_shared_from_this<Taker> {
public:
    struct Hooks {
        /// A draft was appended, its first event at `first`.
        std::function<void(const ProcessName&, const Draft&, Position first)> appended;
        /// As a process is now. `before`: the version up to which it was loaded.
        std::function<void(const ProcessName&, const Kind&, const Folded&, Version before)> seen;
    };

    Taker(const RunnerParts& parts, const RunnerOptions& options, Hooks hooks)
        : parts_(parts), options_(options), hooks_(std::move(hooks)), kept_(options.kept) {}

    static boost::asio::awaitable<Taken> take(
        std::shared_ptr<Taker> self, ProcessName process, Input input
    );

    const Kind* kind_of(const ProcessName& process) const;
    std::size_t under_way() const { return under_way_; }
    void stop() { stopped_ = true; }

private:
    struct Tries;
    boost::asio::awaitable<Taken> take_in_turn(ProcessName process, const Kind& kind, Input input);
    boost::asio::awaitable<std::optional<Taken>> try_once(
        const ProcessName& process, const Kind& kind, const Input& input, Tries& tries
    );
    boost::asio::awaitable<std::optional<Taken>> again(
        const ProcessName& process, const store::AppendError& error, Tries& tries
    );

    RunnerParts parts_;
    RunnerOptions options_;
    Hooks hooks_;
    KeptProcesses kept_;
    commands::Turns turns_;
    std::size_t under_way_ = 0;
    bool stopped_ = false;
};

}  // namespace vitrine::processes
