#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::commands {

/// Who may act on which keys (streams, reserved keys): one command at a time per key, first come,
/// first served.
///
/// Concurrency: one loop; no thread is blocked. Outlives every Turn.
class Turns {
public:
    class Turn;

    Turns();
    ~Turns();

    /// Waits for all keys at once, at most `limit`; nullopt: not in time. Keys are taken in sorted
    /// order, so that two commands cannot wait for each other.
    boost::asio::awaitable<std::optional<Turn>> take(
        std::vector<std::string> keys, std::chrono::milliseconds limit
    );

    /// The turn, if nobody has or awaits any of the keys.
    std::optional<Turn> try_take(std::vector<std::string> keys);

    /// Commands that wait for another.
    std::size_t waiting() const;

    /// Someone has it or waits for it.
    bool taken(const std::string& key) const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Gives its keys back when it ends.
class Turns::Turn {
public:
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();

private:
    friend class Turns;
    explicit Turn(std::shared_ptr<State> state) : state_(std::move(state)) {}
    void give_back();

    std::shared_ptr<State> state_;
    std::vector<std::string> keys_;
};

}  // namespace vitrine::commands
