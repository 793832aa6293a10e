#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "commands/engine/definition.hpp"
#include "commands/engine/execution.hpp"
#include "commands/engine/notice.hpp"
#include "commands/engine/request.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/effects.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

struct BusOptions {
    std::chrono::milliseconds deadline{10'000
    };  // after which a running command is answered with 202
    std::chrono::milliseconds turn_wait{2'000};  // for another command on the same stream or key
    ExecutionOptions execution;
    LeaseOptions lease;
};

/// What the bus works with. References outlive it.
struct BusParts {
    asio::any_io_executor loop;
    store::EventStore& store;
    const Facts& facts;
    std::span<const Definition> commands;                     // that it knows
    gateways::Connectors connectors;                          // that carry out their effects
    std::function<JsonText(const TenantId&)> tenant_context;  // what these are told of the tenant
    Clock clock;
    UuidSource new_id;
    Notify notify;
};

/// The way in for commands: validates, decides, acts outside, appends (design §5). Knows no area of
/// the business: what they are is in the definitions.
///
/// Operation: handle answers when the command has ended, or with 202 at the deadline; the command
/// then goes on. A command that feeds a process (Definition::feeds) is the process's from its
/// append on: here its request waits for what that answers. recover takes up what an earlier
/// process left unfinished, and from then on the bus looks each half of a lease for what other
/// owners have left. Concurrency: one loop: the one given; several buses may work on one log, each
/// with an owner's name of its own. Limits: of one bus a stream or natural key has one command at a
/// time; of several, one that acts outside.
class CommandBus {
public:
    CommandBus(BusParts parts, BusOptions options);
    ~CommandBus();

    /// Never throws for what a caller, an outside system or a full store may bring about: that is
    /// an answer.
    asio::awaitable<CommandReply> handle(CommandRequest request);

    /// Takes the turns of every unfinished command that is this owner's, nobody's, or whose lease
    /// is over, in journal order, and carries on with them in the background: of several on one
    /// stream the later wait. Awaited once, before the first handle. How many there are.
    asio::awaitable<std::size_t> recover();

    /// The same of those whose lease is over, at any time. Is called by itself.
    asio::awaitable<std::size_t> take_up_expired();

    /// Holds what is under way for another lease. Is called by itself.
    asio::awaitable<void> renew_leases();

    /// A process that runs here has answered a command that fed it. On the loop.
    void answered(const store::CommandName& name);

    /// Commands under way; those that have fed a process are that one's.
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
