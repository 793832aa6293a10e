#include "sandbox/receiver_key.hpp"

#include <cstdint>

namespace vitrine::sandbox {
namespace {

constexpr std::size_t shortest_key = 16;
constexpr std::size_t longest_key = 512;
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// base64_decode($text, true) of PHP: white space is passed over, padding may be missing, but is
/// right if it is there.
std::optional<std::string> strict_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (std::string_view(" \t\r\n").find(c) != std::string_view::npos) continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const auto digit = alphabet.find(c);
        if (digit == std::string_view::npos || padding > 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        if (++digits % 4 != 1) {
            bytes += static_cast<char>((bits >> (6 - 2 * ((digits - 1) % 4))) & 0xff);
        }
    }
    if (digits % 4 == 1) return std::nullopt;
    if (padding > 0 && (padding > 2 || (digits + padding) % 4 != 0)) return std::nullopt;
    return bytes;
}

}  // namespace

std::optional<std::string> receiver_key(std::string_view secret) {
    auto key = strict_base64(secret).value_or(std::string(secret));
    if (key.size() < shortest_key || key.size() > longest_key) return std::nullopt;
    return key;
}

}  // namespace vitrine::sandbox
