#include "net/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

namespace vitrine::net {
namespace {

constexpr std::size_t longest_date = 64;

/// IMF-fixdate, and the two obsolete forms that a recipient must still take (RFC 9110 §5.6.7).
constexpr const char* date_forms[] = {
    "%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// One that no number holds is as good as the longest.
std::chrono::seconds seconds_in(std::string_view digits) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (parsed.ec != std::errc()) return longest_retry_after;
    return std::chrono::seconds(std::min(count, longest_retry_after.count()));
}

std::optional<std::chrono::sys_seconds> date_in(std::string_view value) {
    if (value.size() > longest_date) return std::nullopt;
    const std::string text(value);
    for (const auto* form : date_forms) {
        std::tm date{};
        const auto* end = strptime(text.c_str(), form, &date);
        if (end != nullptr && end == text.c_str() + text.size())
            return std::chrono::sys_seconds(std::chrono::seconds(timegm(&date)));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Timestamp now) {
    // Below zero is no number of seconds there, but can only mean that nothing is to be waited for.
    const bool is_past = value.starts_with('-');
    const auto digits = value.substr(is_past ? 1 : 0);
    if (!digits.empty() && std::ranges::all_of(digits, is_digit))
        return is_past ? std::chrono::seconds(0) : seconds_in(digits);
    const auto date = date_in(value);
    if (!date) return std::nullopt;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*date - now);
    return std::clamp(wait, std::chrono::seconds(0), longest_retry_after);
}

}  // namespace vitrine::net
