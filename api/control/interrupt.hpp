#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <thread>

namespace vitrine::api {

/// While it lives, the first SIGINT or SIGTERM calls `then`, on a thread of its own, instead of
/// ending the process; the next one ends it.
class OnInterrupt {
public:
    explicit OnInterrupt(std::function<void()> then) : signals_(loop_, SIGINT, SIGTERM) {
        signals_.async_wait([this, then = std::move(then)](boost::system::error_code error, int) {
            if (error) return;
            then();
            signals_.clear();
        });
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~OnInterrupt() {
        loop_.stop();
        thread_.join();
    }
    OnInterrupt(const OnInterrupt&) = delete;
    OnInterrupt& operator=(const OnInterrupt&) = delete;

private:
    boost::asio::io_context loop_;
    boost::asio::signal_set signals_;
    std::thread thread_;
};

}  // namespace vitrine::api
