#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "commands/engine/leases.hpp"
#include "commands/engine/notice.hpp"
#include "commands/engine/plan.hpp"
#include "commands/engine/rejection.hpp"
#include "commands/engine/request.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/errand.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// A command under way: accepted, its plan being carried out.
struct Job {
    TenantId tenant;
    store::CommandHead head;
    Plan plan;
    /// A step may have been sent by an earlier run of this command: ask before sending anything.
    bool resumed = false;
    /// An earlier attempt was given up as not done. What came of it after all is asked for before
    /// anything is sent; unlike a step under way it may be given up again.
    bool tried_before = false;
    /// Its row is to be taken over first.
    bool is_left_behind = false;

    store::CommandName name() const { return {tenant, head.id}; }
};

/// How often a command is decided anew because another writer of its stream came in between.
constexpr int most_tries = 20;

struct ExecutionOptions {
    /// How long after a send of unknown outcome what it creates may still appear there.
    std::chrono::milliseconds settle{30'000};
    /// How long after it was given up a request may still arrive there. Where it was sent again,
    /// the next command on the stream waits that long before it sends anything.
    std::chrono::milliseconds late_request{1'500};
    std::chrono::milliseconds first_pause{200};  // between attempts; doubled, with full jitter
    std::chrono::milliseconds longest_pause{2'000};
};

/// Decides a command whose effects have happened once more, as the stream is now: another writer
/// was there in the meantime.
using DecideAgain =
    std::function<boost::asio::awaitable<std::expected<Plan, Rejection>>(const Job&)>;

/// What it works with. The store outlives it.
struct ExecutionParts {
    store::EventStore& store;
    std::shared_ptr<Leases> leases;
    gateways::Connectors connectors;
    ExecutionOptions options;
    Clock clock;
    UuidSource new_id;
    Notify notify;
    DecideAgain decide_again;
};

/// Carries out plans in outside systems and notes in the journal what came of them.
///
/// Operation: a step is carried out as gateways/errand.hpp says; each confirmed step is written to
/// the journal before the next is sent; the end is one append of events and answer. docs/effects.md
/// has the rules and their limits. Before each send it looks whether the lease of the row still
/// holds. Concurrency: one loop. Errors: what can never be stored, and a step of which no gateway
/// knows, throw: the row stays for the next start. LeftToOthers: whoever has the row carries on.
class Execution {
public:
    explicit Execution(ExecutionParts parts) : parts_(std::move(parts)) {}

    /// Until the command has ended. `early` is called at most once, before the end, when the
    /// outcome is known but cannot be stored now: the row stays accepted and storing it is tried
    /// again.
    boost::asio::awaitable<CommandReply> run(
        std::shared_ptr<Job> job, std::function<void(CommandReply)> early
    );

private:
    gateways::Effects& gateway_of(const Step& step) const;
    boost::asio::awaitable<gateways::Outcome> carry_out(std::shared_ptr<Job> job, Step step);
    boost::asio::awaitable<void> pause(int tries);
    boost::asio::awaitable<CommandReply> conclude(
        std::shared_ptr<Job> job, store::Append append, std::function<void(CommandReply)> early
    );
    boost::asio::awaitable<store::Append> concluded_again(std::shared_ptr<Job> job, int tries);
    boost::asio::awaitable<void> take_over(std::shared_ptr<Job> job);
    boost::asio::awaitable<void> note_late_request(std::shared_ptr<Job> job);
    boost::asio::awaitable<void> note_progress(std::shared_ptr<Job> job);

    ExecutionParts parts_;
};

/// What a stored answer is to the client.
CommandReply reply_from(const store::CommandAnswer& answer, const CommandId& id, Position position);

}  // namespace vitrine::commands
