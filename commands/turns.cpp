#include "commands/turns.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <unordered_map>

namespace vitrine::commands {

namespace asio = boost::asio;

namespace {

/// A coroutine that waits for a key; its timer is cancelled when the key is handed over.
struct Waiter {
    asio::steady_timer timer;
    bool has_turn = false;
};

}  // namespace

/// A key is in the map while someone has it; its queue holds those who wait.
struct Turns::State {
    std::unordered_map<std::string, std::deque<Waiter*>> keys;
    std::size_t waiting = 0;

    void release(const std::string& key) {
        const auto found = keys.find(key);
        if (found->second.empty()) {
            keys.erase(found);
            return;
        }
        auto* next = found->second.front();
        found->second.pop_front();
        next->has_turn = true;
        next->timer.cancel();
    }
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
        state_->keys.try_emplace(key);
        turn.keys_.push_back(std::move(key));
    }
    return turn;
}

asio::awaitable<std::optional<Turns::Turn>> Turns::take(
    std::vector<std::string> keys, std::chrono::milliseconds limit
) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const auto executor = co_await asio::this_coro::executor;
    std::ranges::sort(keys);
    Turn turn(state_);
    for (auto& key : keys) {
        if (!state_->keys.try_emplace(key).second) {
            Waiter waiter{asio::steady_timer(executor, deadline)};
            state_->keys.at(key).push_back(&waiter);
            boost::system::error_code ignored;
            ++turn.state_->waiting;
            co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            --turn.state_->waiting;
            if (!waiter.has_turn) {
                std::erase(state_->keys.at(key), &waiter);
                co_return std::nullopt;
            }
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

void Turns::Turn::give_back() {
    for (const auto& key : keys_) state_->release(key);
    keys_.clear();
}

}  // namespace vitrine::commands
