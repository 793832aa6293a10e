#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace vitrine::net {

/// The addresses of a host. Empty on failure, with `error` set (timed_out when `end` came first).
/// An address in text form needs no look-up.
boost::asio::awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(
    std::string host,
    std::uint16_t port,
    std::chrono::steady_clock::time_point end,
    boost::system::error_code& error
);

}  // namespace vitrine::net
