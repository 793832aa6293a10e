#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "commands/execution.hpp"
#include "commands/facts.hpp"
#include "commands/notice.hpp"
#include "commands/request.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/clubify/clubify.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

struct BusOptions {
    std::chrono::milliseconds deadline{10'000
    };  // after which a running command is answered with 202
    std::chrono::milliseconds turn_wait{2'000};  // for another command on the same stream or key
    ExecutionOptions execution;
};

/// The way in for commands: validates, decides, acts on Clubify, appends (design §5).
///
/// Operation: handle answers when the command has ended, or with 202 at the deadline; the command
/// then goes on. recover takes up what an earlier process left unfinished. Concurrency: one loop:
/// the one given. Limits: a stream or reserved key has one command at a time.
class CommandBus {
public:
    CommandBus(
        asio::any_io_executor loop,
        store::EventStore& store,
        clubify::Clubify& clubify,
        clubify::Accounts accounts,
        BusOptions options,
        Clock clock,
        UuidSource new_id,
        Notify notify,
        std::unique_ptr<const Facts> facts = nullptr  // nullptr: the log itself is looked through
    );
    ~CommandBus();

    /// Never throws for what a caller, the platform or a full store may bring about: that is an
    /// answer.
    asio::awaitable<CommandReply> handle(CommandRequest request);

    /// Takes the turns of every unfinished command, in journal order, and carries on with them in
    /// the background; claims what commands of older programs did not. Called once, before the
    /// first handle. Returns how many there are.
    std::size_t recover();

    /// Commands under way.
    std::size_t running() const;

    /// Requests that wait for another command on the same stream or key.
    std::size_t waiting() const;

    /// New commands are answered with 503 from now on.
    void refuse_new();

    /// As refuse_new; `done` is called when none is under way, or after `limit`.
    void drain(std::chrono::milliseconds limit, std::function<void()> done);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::commands
