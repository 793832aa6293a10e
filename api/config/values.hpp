#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/key_limits.hpp"

// Values of settings as people write them.
namespace vitrine::api {

/// "250ms", "30s", "5m", "1h".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "30s", "15m", "2h", "3d", "4w": more than no time, and less than a thousand years.
std::optional<std::chrono::seconds> parse_advance(std::string_view text);

/// "65536", "64KiB", "64MiB", "1GiB".
std::optional<std::uint64_t> parse_size(std::string_view text);

std::optional<std::uint64_t> parse_number(std::string_view text);

/// "100/1s", "6000/1m": so many in such a window of whole seconds.
std::optional<KeyLimit> parse_key_limit(std::string_view text);

/// "https://a.example, http://localhost:3000" or "*". nullopt: one is no origin.
std::optional<std::vector<std::string>> parse_origins(std::string_view text);

/// "127.0.0.1:8080", "[::1]:0".
struct ListenAddress {
    std::string address;
    std::uint16_t port = 0;
    bool operator==(const ListenAddress&) const = default;
};
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace vitrine::api
