#include "net/test_timekeeper.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "net/appointments.hpp"
#include "net/timer.hpp"

namespace vitrine::net {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds look_again{1};

using Fault = std::optional<std::string>;

}  // namespace

struct TestTimekeeper::State : std::enable_shared_from_this<State> {
    State(const asio::any_io_executor& loop, Timestamp start) : loop(loop), now(start) {}

    /// One after another, each in a turn of the loop's own.
    void fire_due() {
        if (firing || !appointments.is_due(now)) return;
        firing = true;
        asio::post(loop, [self = weak_from_this()] {
            const auto state = self.lock();
            if (!state) return;
            state->firing = false;
            if (auto wake = state->appointments.take_due(state->now)) wake();
            state->fire_due();
        });
    }

    Fault under_way() const {
        if (appointments.is_due(now)) return "what is due at " + format_time(*appointments.next());
        for (const auto& asked : watched)
            if (auto named = asked()) return named;
        return std::nullopt;
    }

    asio::awaitable<Fault> settle(const Move& move);
    asio::awaitable<Fault> go(const Move& move);

    asio::any_io_executor loop;
    std::atomic<Timestamp> now;
    Appointments appointments;
    std::list<UnderWay> watched;
    bool firing = false;
    bool moving = false;
};

/// What one part has just ended may be for another to go on with: nobody has anything twice, and
/// between it the loop has had a turn.
asio::awaitable<Fault> TestTimekeeper::State::settle(const Move& move) {
    const auto end = steady_clock::now() + move.patience;
    for (int quiet = 0; quiet < 2;) {
        co_await asio::post(loop, asio::use_awaitable);
        if (move.cancelled()) co_return "the clock was stopped at " + format_time(now);
        const auto named = under_way();
        quiet = named ? 0 : quiet + 1;
        if (!named) continue;
        if (steady_clock::now() >= end)
            co_return "still under way at " + format_time(now) + ": " + *named;
        if (!appointments.is_due(now)) co_await wait_for(look_again);
    }
    co_return std::nullopt;
}

asio::awaitable<Fault> TestTimekeeper::State::go(const Move& move) {
    if (auto fault = co_await settle(move)) co_return fault;
    while (now.load() < move.to) {
        const auto next = appointments.next();
        now = next ? std::min(*next, move.to) : move.to;
        fire_due();
        if (auto fault = co_await settle(move)) co_return fault;
    }
    co_return std::nullopt;
}

TestTimekeeper::TestTimekeeper(const asio::any_io_executor& loop, Timestamp start)
    : state_(std::make_shared<State>(loop, start)) {}

TestTimekeeper::~TestTimekeeper() = default;

Timestamp TestTimekeeper::now() const {
    return state_->now;
}

Appointment TestTimekeeper::at(Timestamp due, Wake wake) {
    auto appointment = state_->appointments.make(due, std::move(wake));
    state_->fire_due();
    return appointment;
}

Watching TestTimekeeper::watch(UnderWay under_way) {
    const auto entry = state_->watched.insert(state_->watched.end(), std::move(under_way));
    return Watching([state = std::weak_ptr(state_), entry] {
        if (const auto held = state.lock()) held->watched.erase(entry);
    });
}

asio::awaitable<std::expected<Timestamp, std::string>> TestTimekeeper::move(Move move) {
    const auto state = state_;
    if (move.to < state->now.load())
        co_return std::unexpected(
            "the time is " + format_time(state->now) + ", and goes forward only"
        );
    if (std::exchange(state->moving, true))
        co_return std::unexpected("the clock is being moved already");
    const Standing moves([state] { state->moving = false; });
    const auto fault = co_await state->go(move);
    if (fault) co_return std::unexpected(*fault);
    co_return state->now.load();
}

}  // namespace vitrine::net
