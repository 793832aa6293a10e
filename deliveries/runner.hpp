#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deliveries/delivery.hpp"
#include "deliveries/receiver.hpp"
#include "deliveries/schedule.hpp"
#include "net/timekeeper.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {

struct Options {
    std::size_t in_flight = 512;               // attempts under way at once, to all receivers
    std::chrono::milliseconds save_after{50};  // real time: what was noted is written by then
    Queue::Limits limits = {};                 // of each receiver
    Random random = any_random();
};

/// What came of an attempt, for figures.
struct Attempt {
    ReceiverName receiver;
    Answer::Outcome outcome{};
    std::chrono::duration<double> taken{};
};

struct Parts {
    boost::asio::any_io_executor loop;
    store::EventStore& store;
    std::filesystem::path data;
    net::Timekeeper& keeper;
    /// A receiver has said that it wants nothing any more, to that event. On the loop.
    std::function<void(const ReceiverName&, const EventId&, Position)> gone = {};
    std::function<void(const Attempt&)> attempted = {};
    /// Something of the runner's own failed, and is tried again: a sentence for the log.
    std::function<void(const std::string&)> fault = {};
};

/// Why something that was asked for is not done.
struct Refused {
    std::string problem;  // name of a problem type
    Phrase detail;
};

/// What came of trying again.
struct Retried {
    std::uint64_t count = 0;  // events that are sent again
    std::uint64_t dead = 0;   // dead letters that stay: the receiver is sent no more at once
    bool operator==(const Retried&) const = default;
};

/// Carries the events of the log to receivers until they are taken: at least once, under the
/// event's id; of one key in order, the keys side by side. A key that fails holds itself up; after
/// its receiver's schedule the event goes to the dead letters, and its key goes on.
///
/// Operation: what has come of each attempt is written in batches to DIR/deliveries.db; what was
/// not when the process ended is sent again. A receiver that cannot keep up costs no memory: it is
/// behind, and reads pages of the log when it has room.
/// Concurrency: all on the loop, but for status and list. One thread waits for the log, one reads
/// and writes files.
class Runner {
public:
    Runner(Parts parts, Options options = {});
    ~Runner();

    /// A new receiver, or another one of the same name: what is under way goes on.
    void set(std::shared_ptr<Receiver> receiver);
    /// For good: what is kept of it goes too.
    void remove(const ReceiverName& name);

    /// Begins, by and by. What the file has of receivers that are not set when it is open goes.
    void start();
    /// Starts no more attempts. Calls `done` once none is under way, or after that time.
    void drain(std::chrono::milliseconds patience, std::move_only_function<void()> done);

    // What an operator decides; done, and kept, when it answers. Of a receiver that is not there:
    // "not-found".

    /// Tries again now: one that waits, or dead letters, whose schedule begins anew.
    asio::awaitable<std::expected<Retried, Refused>> retry(
        ReceiverName name, std::optional<EventId> event
    );
    /// Gives up dead letters, or one that waits. How many.
    asio::awaitable<std::expected<std::uint64_t, Refused>> dismiss(
        ReceiverName name, std::optional<EventId> event
    );
    /// Sends the events of a range anew, byte for byte, those before the receiver's start too.
    /// `to`: nullopt or beyond what it has had: up to that.
    asio::awaitable<std::expected<Replay, Refused>> replay(
        ReceiverName name, Position from, std::optional<Position> to
    );
    asio::awaitable<std::expected<void, Refused>> pause(ReceiverName name, bool paused);

    // From any thread:

    std::vector<ReceiverStatus> status(const std::optional<TenantId>& tenant) const;
    /// As ProgressReader::list.
    DeliveryPage list(
        const ReceiverName& name,
        State state,
        std::optional<std::uint64_t> before,
        std::size_t limit
    ) const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::deliveries
