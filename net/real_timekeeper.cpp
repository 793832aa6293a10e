#include "net/real_timekeeper.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "net/appointments.hpp"

namespace vitrine::net {

namespace asio = boost::asio;

namespace {

/// The loop's other work waits for so many at most.
constexpr int most_at_once = 64;

}  // namespace

struct RealTimekeeper::State : std::enable_shared_from_this<State> {
    State(const asio::any_io_executor& loop, Clock wall, std::chrono::milliseconds look)
        : timer(loop), wall(std::move(wall)), look(look) {}

    void arm() {
        const auto next = appointments.next();
        if (!next || (armed_for && *armed_for <= *next)) return;
        armed_for = next;
        timer.expires_after(std::clamp<std::chrono::microseconds>(
            *next - wall(), std::chrono::microseconds(0), look
        ));
        timer.async_wait([self = weak_from_this()](boost::system::error_code cancelled) {
            if (cancelled) return;
            if (const auto state = self.lock()) state->fire();
        });
    }

    void fire() {
        armed_for.reset();
        const auto now = wall();
        for (int fired = 0; fired < most_at_once; ++fired) {
            auto wake = appointments.take_due(now);
            if (!wake) break;
            wake();
        }
        arm();
    }

    asio::steady_timer timer;
    Clock wall;
    std::chrono::milliseconds look;
    Appointments appointments;
    std::optional<Timestamp> armed_for;
};

RealTimekeeper::RealTimekeeper(
    const asio::any_io_executor& loop, Clock wall, std::chrono::milliseconds look
)
    : state_(std::make_shared<State>(loop, std::move(wall), look)) {}

RealTimekeeper::~RealTimekeeper() = default;

Timestamp RealTimekeeper::now() const {
    return state_->wall();
}

Appointment RealTimekeeper::at(Timestamp due, Wake wake) {
    auto appointment = state_->appointments.make(due, std::move(wake));
    state_->arm();
    return appointment;
}

Watching RealTimekeeper::watch(UnderWay) {
    return {};
}

}  // namespace vitrine::net
