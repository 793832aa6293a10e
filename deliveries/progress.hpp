#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "deliveries/delivery.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::deliveries {

/// DIR/deliveries.db.
std::filesystem::path progress_file(const std::filesystem::path& data);

using ReceiverNumber = std::int64_t;

/// What is kept of a receiver.
struct Kept {
    ReceiverNumber number = 0;
    Position position = 0;  // up to here every event is taken, or has a row of its own
    bool paused = false;
    std::uint64_t dead = 0;
    std::vector<Replay> replays;
    std::vector<Pending> pending;
    std::set<Position> beyond;  // those that have a row, or are dead letters, above the position
};

/// What has become of one event.
struct Note {
    ReceiverNumber receiver = 0;
    KeyHash key = 0;
    Timestamp recorded_at{};
    Delivery delivery;
    bool may_have_row = true;  // taken at the first attempt it has none
};

/// How far a receiver has come.
struct Reached {
    ReceiverNumber receiver = 0;
    Position position = 0;
    std::optional<Replay> replay = {};
    bool replay_ended = false;
};

struct Batch {
    std::vector<Note> notes;
    std::vector<Reached> reached;
    bool empty() const { return notes.empty() && reached.empty(); }
};

/// The file that keeps how far deliveries have come: for each receiver a position, and the
/// exceptions above it. It is a cache: without it everything is sent again from where each receiver
/// starts, which receivers bear by the events' ids.
///
/// Operation: a commit is atomic but not synced, as those of read models. Concurrency: one thread.
/// Errors: throws what a broken disk throws. A file that is damaged, of another layout or of
/// another log is begun anew.
class Progress {
public:
    /// `log`: the id of the log's first event, empty for an empty one; `head` its last position.
    /// What the file says beyond it is forgotten.
    Progress(const std::filesystem::path& data, const std::string& log, Position head);
    ~Progress();

    /// What is kept of a receiver; from now on there is something.
    Kept open(const ReceiverName& name, Position start);
    void forget(const ReceiverName& name);
    std::vector<ReceiverName> names();

    void apply(const Batch& batch);
    std::uint64_t dead(ReceiverNumber receiver);

    // What an operator decides.
    std::optional<std::pair<Delivery, Pending>> find(ReceiverNumber receiver, const EventId& event);
    /// Dead letters become pending, the earliest first: one, or at most `limit`.
    std::vector<Pending> revive(
        ReceiverNumber receiver, const std::optional<EventId>& event, std::size_t limit
    );
    /// Gives up dead letters: one, or all. How many.
    std::uint64_t dismiss(ReceiverNumber receiver, const std::optional<EventId>& event);
    void remove(ReceiverNumber receiver, Position position);
    /// A pending one is due at once.
    void hasten(ReceiverNumber receiver, Position position);
    void pause(ReceiverNumber receiver, bool paused);
    Replay add_replay(ReceiverNumber receiver, Position from, Position to);

private:
    /// Of receivers, how many they have taken in all.
    using Taken = std::map<ReceiverNumber, std::int64_t>;
    void write(const Note& note, Taken& taken);

    std::unique_ptr<SQLite::Database> database_;
    struct Statements;
    std::unique_ptr<Statements> statements_;
};

}  // namespace vitrine::deliveries
