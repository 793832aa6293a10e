#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/engine/bus.hpp"
#include "commands/engine/deciding.hpp"
#include "commands/engine/intake.hpp"
#include "commands/engine/states.hpp"
#include "commands/engine/turns.hpp"
#include "core/async.hpp"

namespace vitrine::commands {

/// States of streams between one batch and the next: a cache, of the newest so many.
class KeptStates {
public:
    explicit KeptStates(std::size_t limit) : limit_(limit) {}

    using Key = std::pair<TenantId, StreamName>;

    /// What is kept of the stream, which it gives up; nullptr: nothing.
    std::unique_ptr<FoldedStream> take(const Key& key);
    void put(Key key, std::unique_ptr<FoldedStream> folded);
    std::size_t size() const { return places_.size(); }

private:
    struct Kept {
        Key key;
        std::unique_ptr<FoldedStream> folded;
    };
    std::size_t limit_;
    std::list<Kept> kept_;  // the newest first
    std::map<Key, std::list<Kept>::iterator> places_;
};

/// Works on commands that decide on several streams. Those that wait for the same streams are
/// decided together: the states are folded once and kept, the decisions come one after another, one
/// append has what all of them decide, and each gets its own answer.
///
/// Operation: a batch has its turn on all its streams until it has been appended. A command waits
/// while one of its streams is in a batch under way, or wanted by an earlier one that waits; others
/// go on beside it. Answers, also refusals, come after the append that they rest on. docs/stock.md.
/// Concurrency: one loop.
class Together : public std::enable_shared_from_this<Together> {
public:
    Together(
        BusParts parts,
        std::chrono::milliseconds turn_wait,
        std::shared_ptr<const Deciding> deciding,
        std::shared_ptr<Turns> turns
    )
        : parts_(std::move(parts)),
          turn_wait_(turn_wait),
          deciding_(std::move(deciding)),
          turns_(std::move(turns)),
          kept_(kept_states) {}

    /// Of a command that has been validated.
    boost::asio::awaitable<CommandReply> handle(std::shared_ptr<Intake> intake);

    /// Commands that wait for another.
    std::size_t waiting() const { return queue_.size(); }

private:
    static constexpr std::size_t kept_states = 10'000;
    static constexpr std::size_t most_together = 256;
    static constexpr std::size_t looked_at = 4'096;  // of those that wait, to make a batch
    static constexpr int most_tries = 20;

    using Key = KeptStates::Key;
    struct Waiting {
        std::shared_ptr<Intake> intake;
        JsonText context;
        std::set<Key> keys;     // streams
        std::set<Key> further;  // that it has been found to need
        Completion<CommandReply> done;
        // Of the batch:
        std::optional<CommandReply> reply;
        std::optional<Plan> plan;
        bool waits_again = false;
    };
    using Batch = std::vector<std::unique_ptr<Waiting>>;

    void enqueue(std::unique_ptr<Waiting> waiting);
    void look_soon();
    void look();
    Batch next_batch();
    static boost::asio::awaitable<void> work(std::shared_ptr<Together> self, Batch batch);
    boost::asio::awaitable<void> work_in_turn(Batch& batch);
    boost::asio::awaitable<bool> try_once(
        std::span<const std::unique_ptr<Waiting>> batch, bool last
    );
    void decide(Waiting& waiting, States& states) const;
    store::Append append_of(std::span<const std::unique_ptr<Waiting>> batch);
    void finish(Batch batch);

    BusParts parts_;
    std::chrono::milliseconds turn_wait_;
    std::shared_ptr<const Deciding> deciding_;
    std::shared_ptr<Turns> turns_;
    KeptStates kept_;
    std::deque<std::unique_ptr<Waiting>> queue_;
    std::set<Key> busy_;  // streams of batches under way
    bool looks_soon_ = false;
};

}  // namespace vitrine::commands
