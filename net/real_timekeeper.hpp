#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "net/timekeeper.hpp"

namespace vitrine::net {

/// The machine's time. Set forward, what falls due by that is woken within `look`; set back, it
/// waits again.
class RealTimekeeper final : public Timekeeper {
public:
    explicit RealTimekeeper(
        const boost::asio::any_io_executor& loop,
        Clock wall = system_clock(),
        std::chrono::milliseconds look = std::chrono::seconds(1)
    );
    ~RealTimekeeper() override;

    Timestamp now() const override;
    Appointment at(Timestamp due, Wake wake) override;
    /// Nobody asks: this time goes on by itself.
    Watching watch(UnderWay under_way) override;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vitrine::net
