#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::commands {

/// Who may act on which keys (streams, natural keys): one command at a time per key, first come,
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

    /// As take, however long it takes.
    boost::asio::awaitable<Turn> take(std::vector<std::string> keys);

    /// As take, of keys that several may have at once, if only all of them take them so: while it
    /// is held, nobody has a turn of them alone.
    boost::asio::awaitable<std::optional<Turn>> take_shared(
        std::vector<std::string> keys, std::chrono::milliseconds limit
    );

    /// The turn, if nobody has or awaits any of the keys.
    std::optional<Turn> try_take(std::vector<std::string> keys);

    /// Of those keys that nobody has or awaits alone.
    Turn try_take_shared(std::vector<std::string> keys);

    /// Commands that wait for another.
    std::size_t waiting() const;

    /// Someone has it or waits for it.
    bool taken(const std::string& key) const;

private:
    struct State;
    boost::asio::awaitable<std::optional<Turn>> take_all(
        std::vector<std::string> keys, bool shared, std::chrono::steady_clock::time_point deadline
    );

    std::shared_ptr<State> state_;
};

/// Gives its keys back when it ends.
class Turns::Turn {
public:
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();

    /// Has the other's keys from then on, too.
    void join(Turn other);

private:
    friend class Turns;
    explicit Turn(std::shared_ptr<State> state) : state_(std::move(state)) {}
    void give_back();

    std::shared_ptr<State> state_;
    std::vector<std::string> keys_;
};

}  // namespace vitrine::commands
