#include "commands/webhooks/signature.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "core/hmac.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t shortest_key = 16;
constexpr std::size_t longest_key = 512;
constexpr std::size_t signature_size = 64;

bool is_base64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/// White space is ignored; padding may be absent, but if there is some it must be right.
std::optional<std::string> decode_base64(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) {
        return std::string_view(" \t\r\n").find(c) == std::string_view::npos;
    });
    const auto padding = digits.size() - std::min(digits.find('='), digits.size());
    if (padding != 0 && (digits.size() % 4 != 0 || padding > 2)) return std::nullopt;
    digits.resize(digits.size() - padding);
    if (digits.size() % 4 == 1 || !std::ranges::all_of(digits, is_base64)) return std::nullopt;
    const auto bytes = digits.size() * 3 / 4;
    digits.resize((digits.size() + 3) / 4 * 4, '=');
    std::string decoded(digits.size() / 4 * 3, '\0');
    EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(decoded.data()),
        reinterpret_cast<const unsigned char*>(digits.data()),
        static_cast<int>(digits.size())
    );
    decoded.resize(bytes);
    return decoded;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

}  // namespace

std::vector<std::string> webhook_keys(std::string_view secret) {
    std::vector<std::string> keys{std::string(secret)};
    if (auto decoded = decode_base64(secret)) keys.push_back(*std::move(decoded));
    std::erase_if(keys, [](const std::string& key) {
        return key.size() < shortest_key || key.size() > longest_key;
    });
    return keys;
}

bool is_signed_with(
    std::string_view secret, std::string_view raw_body, std::string_view signature
) {
    constexpr std::string_view prefix = "sha256=";
    auto given = lower_case(signature);
    if (given.starts_with(prefix)) given.erase(0, prefix.size());
    if (given.size() != signature_size) return false;
    bool valid = false;
    for (const auto& key : webhook_keys(secret)) {
        const auto expected = to_hex(bytes_of(hmac_sha256(key, raw_body)));
        valid |= equal_in_constant_time(expected, given);
    }
    return valid;
}

}  // namespace vitrine::commands
