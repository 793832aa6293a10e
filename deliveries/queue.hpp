#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "deliveries/receiver.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {

/// What a key of order is kept as. Two keys of one hash are sent in one order: harmless.
using KeyHash = std::uint64_t;
KeyHash hash_of_key(std::string_view key);

/// Where an event came from that a receiver is to be sent.
enum class Source { live, replay };

/// An event that is not taken yet, as it is kept over a restart.
struct Pending {
    Position position = 0;
    KeyHash key = 0;
    int attempts = 0;         // that failed
    Timestamp due{};          // of the next one; past: at once
    Timestamp recorded_at{};  // the event
    bool operator==(const Pending&) const = default;
};

/// What one receiver is still to be sent, and in which order: of each key one event at a time, the
/// earliest first; the keys side by side.
///
/// Operation: pure. An event is fresh until it is taken or kept (has a row in the file of
/// progress). It holds the event itself of those alone that are about to be sent, so that those who
/// wait for long cost a few words each.
class Queue {
public:
    struct Limits {
        std::size_t fresh = 256;                // events read and not tried yet
        std::size_t fresh_bytes = 1024 * 1024;  // of their data
        std::size_t held = 4096;                // events in all
    };
    explicit Queue(Limits limits) : limits_(limits) {}

    /// Whether an event read from the log may be offered.
    bool has_room() const { return room() > 0; }
    /// False: it is there already.
    bool offer(store::SharedEvent event, KeyHash key, Source source, Timestamp now);
    /// How many more events may be offered.
    std::size_t room() const;
    /// What has a row; again if it is there already: its times count.
    void restore(const Pending& pending);
    /// False: it is under way, or there is none.
    bool drop(Position position);

    /// The next to be sent, now under way. nullopt: none is due.
    std::optional<Position> take_next(Timestamp now);
    bool has_next(Timestamp now) const;
    /// When the next that waits is due.
    std::optional<Timestamp> next_due() const;

    /// Taken, or a dead letter: it is gone from here.
    void end(Position position);
    /// It failed: its key waits until then.
    void put_back(Position position, Timestamp due);
    /// It was not sent: as if it had not been taken.
    void give_back(Position position);

    /// nullptr: it is to be read from the log.
    const store::SharedEvent& event(Position position) const { return items_.at(position).event; }
    Pending pending(Position position) const;
    bool has(Position position) const { return items_.contains(position); }
    bool has_fresh() const { return !fresh_.empty(); }
    /// Whether the file of progress may know of it: all but fresh ones that are no replay.
    bool may_have_row(Position position) const;

    /// It has a row now.
    void note_kept(Position position);
    /// The fresh ones that were so at the last call too: they take their time and want a row.
    std::vector<Position> lingering();
    /// The earliest fresh one from that source: what is before it is accounted for.
    std::optional<Position> first_fresh(Source source) const;

    std::size_t size() const { return items_.size(); }
    std::size_t under_way() const { return under_way_; }
    /// Not taken yet, the earliest.
    std::optional<Pending> first() const;

private:
    struct Item {
        KeyHash key = 0;
        int attempts = 0;
        Timestamp due{};
        Timestamp recorded_at{};
        bool under_way = false;
        store::SharedEvent event;
    };
    struct Fresh {
        Source source = Source::live;
        bool seen = false;  // by lingering()
        std::size_t bytes = 0;
    };
    struct Key {
        std::set<Position> positions;
        Position head = 0;  // stands in ready_ or waiting_; 0: none does
        bool under_way = false;
    };
    using Items = std::map<Position, Item>;

    void place(Key& key);
    void displace(Key& key);
    void remove(Items::iterator item);

    Limits limits_;
    Items items_;
    std::unordered_map<KeyHash, Key> keys_;
    std::map<Position, Fresh> fresh_;
    std::size_t fresh_bytes_ = 0;
    // Of each key that is not under way the head, by when it is due.
    std::set<std::pair<Timestamp, Position>> waiting_;
    std::size_t under_way_ = 0;
};

}  // namespace vitrine::deliveries
