#include "projections/waiters.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "core/async.hpp"

namespace vitrine::projections {

struct Waiters::State {
    using Key = std::pair<Position, std::uint64_t>;

    /// nullopt: `done` has been called already.
    std::optional<Key> add(Position position, Completion<bool>& done) {
        bool answer = false;
        {
            const std::scoped_lock lock(mutex);
            answer = reached >= position;
            if (!answer && !closed) {
                const Key key(position, ++number);
                waiting.emplace(key, std::move(done));
                return key;
            }
        }
        done(answer);
        return std::nullopt;
    }

    void expire(const Key& key) {
        Completion<bool> done;
        {
            const std::scoped_lock lock(mutex);
            const auto found = waiting.find(key);
            if (found == waiting.end()) return;
            done = std::move(found->second);
            waiting.erase(found);
        }
        done(false);
    }

    std::vector<Completion<bool>> take_up_to(Position position) {
        std::vector<Completion<bool>> taken;
        while (!waiting.empty() && waiting.begin()->first.first <= position) {
            taken.push_back(std::move(waiting.begin()->second));
            waiting.erase(waiting.begin());
        }
        return taken;
    }

    std::mutex mutex;
    Position reached = 0;
    bool closed = false;
    std::uint64_t number = 0;
    std::map<Key, Completion<bool>> waiting;
};

Waiters::Waiters() : state_(std::make_shared<State>()) {}
Waiters::~Waiters() {
    close();
}

asio::awaitable<bool> Waiters::wait_until(
    Position position, std::chrono::steady_clock::time_point deadline
) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, deadline);
    const auto start = [&](Completion<bool> done) {
        const auto key = state->add(position, done);
        if (!key) return;
        timer->async_wait([state, key = *key](const boost::system::error_code& error) {
            if (!error) state->expire(key);
        });
    };
    const bool reached = co_await wait_for_completion<bool>(start);
    timer->cancel();
    co_return reached;
}

void Waiters::reached(Position position) {
    std::vector<Completion<bool>> taken;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->reached = std::max(state_->reached, position);
        taken = state_->take_up_to(position);
    }
    for (auto& done : taken) done(true);
}

void Waiters::close() {
    std::vector<Completion<bool>> taken;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->closed = true;
        taken = state_->take_up_to(~Position{0});
    }
    for (auto& done : taken) done(false);
}

}  // namespace vitrine::projections
