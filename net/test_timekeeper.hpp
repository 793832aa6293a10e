#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "net/timekeeper.hpp"

namespace vitrine::net {

/// A time that stands, and moves only when it is told to.
class TestTimekeeper final : public Timekeeper {
public:
    TestTimekeeper(const boost::asio::any_io_executor& loop, Timestamp start);
    ~TestTimekeeper() override;

    Timestamp now() const override;
    Appointment at(Timestamp due, Wake wake) override;
    Watching watch(UnderWay under_way) override;

    struct Move {
        Timestamp to;
        /// Real time, for what is under way at one moment of the test time.
        std::chrono::milliseconds patience = std::chrono::seconds(60);
        /// Asked while it waits; on the loop.
        std::function<bool()> cancelled = [] { return false; };
    };
    /// Goes from due time to due time, and to `to` in the end, and ends when nothing is under way
    /// any more. The fault is a sentence: `to` is past, it moves already, it was cancelled, or what
    /// is still under way; the time stays where it has come to. The keeper may end meanwhile.
    boost::asio::awaitable<std::expected<Timestamp, std::string>> move(Move move);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vitrine::net
