#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "deliveries/progress.hpp"
#include "deliveries/queue.hpp"
#include "deliveries/receiver.hpp"
#include "net/timekeeper.hpp"

namespace vitrine::deliveries {

/// What a receiver's lane wants to be read of the log.
struct Reading {
    Position after = 0;
    std::optional<Position> last;  // no further
    std::size_t limit = 0;         // of events that the receiver wants
};

/// What was read.
struct ReadEvents {
    std::vector<store::SharedEvent> events;
    Position up_to = 0;  // what is not among the events up to here is not wanted
};

/// One receiver, how far it has come, and what it is being sent.
///
/// Operation: pure. What is new comes from the end of the log as long as the lane keeps up; one
/// that does not reads pages of the log, as much as it has room for. A replay is read first, and
/// what is new waits behind it, so that the order of each key holds.
class Lane {
public:
    Lane(std::shared_ptr<Receiver> receiver, Queue::Limits limits);

    void open(Kept kept);
    bool is_open() const { return kept_.number != 0; }

    Receiver& receiver() const { return *receiver_; }
    std::shared_ptr<Receiver> shared_receiver() const { return receiver_; }
    void replace(std::shared_ptr<Receiver> receiver);

    /// Nothing is sent: paused, disabled, gone, or not open yet.
    bool rests() const;
    bool is_paused() const { return kept_.paused; }
    void pause(bool paused);
    void note_gone() { gone_ = true; }
    bool is_gone() const { return gone_; }

    // What is to come:

    /// An event at the end of the log, whose former end was offered or read.
    void offer_new(const store::SharedEvent& event, Timestamp now);
    bool keeps_up() const { return keeps_up_; }
    /// What is to be read now; nullopt: nothing, there is no room, or it is being read.
    std::optional<Reading> begin_reading();
    /// `end`: the end of the log, as far as it was offered to those who keep up.
    void read(ReadEvents events, Position end, Timestamp now);
    void reading_failed() { reading_ = false; }
    bool is_reading() const { return reading_; }
    void add_replay(const Replay& replay);
    /// How far it has been read, apart from replays: what is beyond is sent anyway.
    Position read_up_to(Position end) const { return keeps_up_ ? std::max(end, read_) : read_; }

    // What is sent:

    Queue& queue() { return queue_; }
    const Queue& queue() const { return queue_; }
    /// How many may be under way at once: fewer while they fail, so that one that is dead takes no
    /// room from others.
    bool has_slot() const { return static_cast<double>(queue_.under_way()) < slots_; }
    bool is_failing() const { return failing_; }
    void note_success();
    void note_failure();

    // What is kept:

    ReceiverNumber number() const { return kept_.number; }
    /// Adds what is to be kept now. Fresh events that linger get rows of their own.
    void gather(Batch& batch, Position end);
    bool wants_saving() const { return changed_ || queue_.has_fresh(); }
    void note_change() { changed_ = true; }
    void set_dead(std::uint64_t dead) { kept_.dead = dead; }

    ReceiverStatus status(Position end, Position head) const;

private:
    /// How far it is accounted for.
    Position reached(Position end) const;
    bool replaying() const {
        return !kept_.replays.empty() && replay_read_ < kept_.replays[0].last;
    }
    void offer(const store::SharedEvent& event, Source source, Timestamp now);

    std::shared_ptr<Receiver> receiver_;
    Kept kept_;
    Queue queue_;
    double slots_;
    bool failing_ = false;
    bool gone_ = false;
    bool keeps_up_ = false;
    bool reading_ = false;
    bool changed_ = false;
    std::optional<std::int64_t> reading_replay_;  // its number; nullopt: the log after read_
    Position read_ = 0;                           // without replays
    Position replay_read_ = 0;                    // of the first replay
};

}  // namespace vitrine::deliveries
