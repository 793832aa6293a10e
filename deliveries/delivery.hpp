#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/phrase.hpp"
#include "deliveries/queue.hpp"
#include "deliveries/receiver.hpp"

// What is known of deliveries: as the file of progress keeps it, and as it is told.
namespace vitrine::deliveries {

enum class State {
    pending,  // to be tried, or tried again
    taken,
    dead,  // a dead letter: refused, or not taken by the whole schedule
};

/// "pending", "taken" or "dead".
std::string_view name_of(State state);
std::optional<State> state_of(std::string_view name);

/// One event on its way to one receiver.
struct Delivery {
    Position position = 0;
    EventId event_id;
    std::string type;
    StreamName stream;
    State state = State::pending;
    int attempts = 0;                       // made
    std::optional<Timestamp> attempted_at;  // the last one
    std::optional<Timestamp> due;           // of pending: the next one
    std::optional<Answer::Outcome> outcome;
    Phrase detail;
    bool operator==(const Delivery&) const = default;
};

/// Of a list, the latest first.
struct DeliveryPage {
    std::vector<Delivery> items;
    std::optional<std::uint64_t> next;  // what the next page comes after
};

/// A range of the log that is sent anew; bounds are inclusive.
struct Replay {
    std::int64_t number = 0;  // later ones have higher ones
    Position next = 0;        // up to here, without it, all of it is accounted for
    Position last = 0;
    bool operator==(const Replay&) const = default;
};

/// How one receiver stands.
struct ReceiverStatus {
    ReceiverName name;
    Position position = 0;    // all that concerns it up to here is taken or among the dead letters
    std::uint64_t lag = 0;    // positions of the log after that
    std::size_t pending = 0;  // known of: the others stand in the log still
    std::uint64_t dead = 0;
    std::optional<Timestamp> oldest;  // when the first that is not taken was recorded
    std::size_t under_way = 0;
    bool paused = false;
    bool enabled = true;  // false: disabled, or gone
    std::vector<Replay> replays;
};

}  // namespace vitrine::deliveries
