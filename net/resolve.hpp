#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <expected>
#include <string>
#include <vector>

namespace vitrine::net {

/// The addresses of a host; the error is timed_out when `end` came first. An address in text form
/// needs no look-up.
boost::asio::awaitable<
    std::expected<std::vector<boost::asio::ip::tcp::endpoint>, boost::system::error_code>>
resolve(std::string host, std::uint16_t port, std::chrono::steady_clock::time_point end);

}  // namespace vitrine::net
