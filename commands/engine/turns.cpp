#include "commands/engine/turns.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <iterator>
#include <unordered_map>

namespace vitrine::commands {

namespace asio = boost::asio;

namespace {

/// A coroutine that waits for a key; its timer is cancelled when the key is handed over.
struct Waiter {
    asio::steady_timer timer;
    bool shared = false;
    bool has_turn = false;
};

/// A key that someone has: one alone, or several who share it.
struct Held {
    std::size_t holders = 1;
    bool shared = false;
    std::deque<Waiter*> waiting = {};

    /// The first in the queue and, if they share, those right behind who do too.
    void hand_over() {
        while (!waiting.empty() && (holders == 0 || (shared && waiting.front()->shared))) {
            auto* next = waiting.front();
            waiting.pop_front();
            shared = next->shared;
            ++holders;
            next->has_turn = true;
            next->timer.cancel();
        }
    }
};

}  // namespace

struct Turns::State {
    std::unordered_map<std::string, Held> keys;
    std::size_t waiting = 0;

    /// False: it is to be waited for.
    bool try_have(const std::string& key, bool shared) {
        const auto [found, is_free] = keys.try_emplace(key, Held{.shared = shared});
        if (is_free) return true;
        auto& held = found->second;
        if (!shared || !held.shared || !held.waiting.empty()) return false;
        ++held.holders;
        return true;
    }

    void release(const std::string& key) {
        const auto found = keys.find(key);
        auto& held = found->second;
        --held.holders;
        held.hand_over();
        if (held.holders == 0) keys.erase(found);
    }

    void give_up(const std::string& key, Waiter& waiter) {
        auto& held = keys.at(key);
        std::erase(held.waiting, &waiter);
        held.hand_over();
    }

    /// A place in the queue for a key. With it goes what it stands for: who is destroyed while it
    /// waits leaves the queue, or gives the key back that it was just handed.
    class Place {
    public:
        Place(std::shared_ptr<State> state, const std::string& key, Waiter& waiter)
            : state_(std::move(state)), key_(key), waiter_(waiter) {
            state_->keys.at(key_).waiting.push_back(&waiter_);
            ++state_->waiting;
        }
        ~Place() {
            --state_->waiting;
            if (is_taken_) return;
            if (waiter_.has_turn) {
                state_->release(key_);
            } else {
                state_->give_up(key_, waiter_);
            }
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        /// The key is the caller's, if it was handed over.
        bool take() { return is_taken_ = waiter_.has_turn; }

    private:
        std::shared_ptr<State> state_;
        std::string key_;
        Waiter& waiter_;
        bool is_taken_ = false;
    };
};

Turns::Turns() : state_(std::make_shared<State>()) {}
Turns::~Turns() = default;

std::size_t Turns::waiting() const {
    return state_->waiting;
}

bool Turns::taken(const std::string& key) const {
    return state_->keys.contains(key);
}

std::optional<Turns::Turn> Turns::try_take(std::vector<std::string> keys) {
    if (std::ranges::any_of(keys, [this](const auto& key) { return taken(key); }))
        return std::nullopt;
    Turn turn(state_);
    for (auto& key : keys) {
        state_->try_have(key, false);
        turn.keys_.push_back(std::move(key));
    }
    return turn;
}

Turns::Turn Turns::try_take_shared(std::vector<std::string> keys) {
    Turn turn(state_);
    for (auto& key : keys) {
        if (state_->try_have(key, true)) turn.keys_.push_back(std::move(key));
    }
    return turn;
}

asio::awaitable<std::optional<Turns::Turn>> Turns::take(
    std::vector<std::string> keys, std::chrono::milliseconds limit
) {
    return take_all(std::move(keys), false, std::chrono::steady_clock::now() + limit);
}

asio::awaitable<Turns::Turn> Turns::take(std::vector<std::string> keys) {
    auto taking = take_all(std::move(keys), false, std::chrono::steady_clock::time_point::max());
    auto turn = co_await std::move(taking);
    co_return *std::move(turn);
}

asio::awaitable<std::optional<Turns::Turn>> Turns::take_shared(
    std::vector<std::string> keys, std::chrono::milliseconds limit
) {
    return take_all(std::move(keys), true, std::chrono::steady_clock::now() + limit);
}

asio::awaitable<std::optional<Turns::Turn>> Turns::take_all(
    std::vector<std::string> keys, bool shared, std::chrono::steady_clock::time_point deadline
) {
    const auto executor = co_await asio::this_coro::executor;
    std::ranges::sort(keys);
    Turn turn(state_);
    for (auto& key : keys) {
        if (!state_->try_have(key, shared)) {
            Waiter waiter{asio::steady_timer(executor, deadline), shared};
            State::Place place(turn.state_, key, waiter);
            boost::system::error_code ignored;
            co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            if (!place.take()) co_return std::nullopt;
        }
        turn.keys_.push_back(std::move(key));
    }
    co_return std::optional<Turn>(std::move(turn));
}

Turns::Turn& Turns::Turn::operator=(Turn&& other) noexcept {
    if (this != &other) {
        give_back();
        state_ = std::move(other.state_);
        keys_ = std::move(other.keys_);
        other.keys_.clear();
    }
    return *this;
}

Turns::Turn::~Turn() {
    give_back();
}

void Turns::Turn::join(Turn other) {
    keys_.insert(
        keys_.end(),
        std::make_move_iterator(other.keys_.begin()),
        std::make_move_iterator(other.keys_.end())
    );
    other.keys_.clear();
}

void Turns::Turn::give_back() {
    for (const auto& key : keys_) state_->release(key);
    keys_.clear();
}

}  // namespace vitrine::commands
