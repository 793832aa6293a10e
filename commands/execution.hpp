#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "commands/notice.hpp"
#include "commands/plan.hpp"
#include "commands/request.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/clubify/clubify.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// A command under way: accepted, its plan being carried out.
struct Job {
    TenantId tenant;
    store::CommandHead head;
    Plan plan;
    /// A step may have been sent by an earlier run of this command: ask before sending anything.
    bool resumed = false;
};

struct ExecutionOptions {
    /// How long after a POST of unknown outcome a product may still appear on the platform.
    std::chrono::milliseconds settle{30'000};
    /// How long after it was given up a request may still arrive there. Where it was sent again,
    /// the next command on the stream waits that long before it sends anything.
    std::chrono::milliseconds late_request{1'500};
    std::chrono::milliseconds first_pause{200};  // between attempts; doubled, with full jitter
    std::chrono::milliseconds longest_pause{2'000};
};

/// Carries out plans on the platform and notes in the journal what came of them.
///
/// Operation: a step is sent; when its outcome is not known the platform is asked (Settle) before
/// anything is sent again; each confirmed step is written to the journal before the next is sent;
/// the end is one append of events and answer. docs/effects.md has the rules and their limits.
/// Concurrency: one loop.
class Execution {
public:
    Execution(
        store::EventStore& store,
        clubify::Clubify& clubify,
        clubify::Accounts accounts,
        ExecutionOptions options,
        Clock clock,
        UuidSource new_id,
        Notify notify
    );

    /// Until the command has ended. `early` is called at most once, before the end, when the
    /// outcome is known but cannot be stored now: the row stays accepted and storing it is tried
    /// again.
    boost::asio::awaitable<CommandReply> run(
        std::shared_ptr<Job> job, std::function<void(CommandReply)> early
    );

    /// Appends, waiting for the commit.
    boost::asio::awaitable<store::AppendResult> append(store::Append append);

private:
    struct Confirmed {
        std::string id;
    };
    struct Refused {
        Refusal refusal;
    };
    struct NotDone {
        Refusal refusal;
        std::optional<std::chrono::seconds> retry_after;
    };
    using Outcome = std::variant<Confirmed, Refused, NotDone>;
    struct Attempt;

    boost::asio::awaitable<Outcome> carry_out(std::shared_ptr<Job> job, Step step);
    boost::asio::awaitable<std::optional<Outcome>> ask(std::shared_ptr<Attempt> attempt);
    boost::asio::awaitable<std::optional<Outcome>> send(std::shared_ptr<Attempt> attempt);
    boost::asio::awaitable<std::optional<Outcome>> refused(
        std::shared_ptr<Attempt> attempt, clubify::CallError error
    );
    boost::asio::awaitable<void> pause(
        std::shared_ptr<Attempt> attempt, std::optional<std::chrono::seconds> at_least
    );
    boost::asio::awaitable<CommandReply> conclude(
        std::shared_ptr<Job> job, store::Append append, std::function<void(CommandReply)> early
    );
    boost::asio::awaitable<void> note_late_request(std::shared_ptr<Attempt> attempt);
    boost::asio::awaitable<void> note_progress(std::shared_ptr<Job> job);

    store::EventStore& store_;
    clubify::Clubify& clubify_;
    clubify::Accounts accounts_;
    ExecutionOptions options_;
    Clock clock_;
    UuidSource new_id_;
    Notify notify_;
};

/// What a stored answer is to the client.
CommandReply reply_from(const store::CommandAnswer& answer, const CommandId& id, Position position);

}  // namespace vitrine::commands
