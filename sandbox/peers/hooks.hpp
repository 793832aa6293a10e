#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "net/client.hpp"
#include "sandbox/json.hpp"
#include "sandbox/random.hpp"

namespace vitrine::sandbox::peers {

struct HookTarget {
    std::string url;             // empty: nobody is told
    std::string user, password;  // Basic, where there is a user
};

/// Tells the merchant what happened: each hook once, in its order, unless they are held and asked
/// for otherwise.
///
/// Operation: an answer that is no 2xx, or none within 5 s, makes it a failed one, which is not
/// sent again by itself. The newest 10,000 are remembered. Concurrency: one loop, which it does not
/// outlive.
class Hooks {
public:
    Hooks(boost::asio::any_io_executor loop, HookTarget target, std::uint64_t seed);

    /// `account` and `created_at` are the sender's.
    void tell(const std::string& type, const Json& data, Timestamp now);

    /// While they are held nothing is sent.
    void hold(bool held) { held_ = held; }
    /// Sends what is held, each `times`, the last first where it is `reversed`, and answers when
    /// all were answered. How many were sent.
    boost::asio::awaitable<std::size_t> deliver(std::size_t times, bool reversed);

    /// `[{id, type, status, attempts, created_at}…]`; "pending", "sent", "failed", or all if empty.
    Json list(std::string_view status) const;

private:
    struct Hook {
        std::string id, type, body;
        std::string status = "pending";
        int attempts = 0;
        Timestamp created_at;
    };

    boost::asio::awaitable<void> send_waiting();
    boost::asio::awaitable<void> send(std::size_t number);

    boost::asio::any_io_executor loop_;
    HookTarget target_;
    Random ids_;
    net::Client client_;
    std::deque<Hook> hooks_;  // the first has number first_
    std::size_t first_ = 0;
    std::deque<std::size_t> waiting_;  // their numbers
    bool held_ = false;
    bool sending_ = false;
};

}  // namespace vitrine::sandbox::peers
