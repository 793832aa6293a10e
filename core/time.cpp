#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace vitrine {
namespace {

/// Takes exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
    int value = 0;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 6) value = value * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) return std::nullopt;
    for (std::size_t i = digits; i < 6; ++i) value *= 10;
    return std::chrono::microseconds(value);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return std::chrono::minutes(0);
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return west ? -offset : offset;
}

}  // namespace

Clock system_clock() {
    return [] {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now()
        );
    };
}

// Every row of a read model has times: digit by digit into a std::string, they took a twentieth of
// a rebuild, and std::snprintf a tenth.
std::string format_time(Timestamp time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const auto micros = static_cast<std::uint64_t>((time - day).count());
    const auto seconds = static_cast<std::uint32_t>(micros / 1'000'000);
    const auto fraction = static_cast<std::uint32_t>(micros % 1'000'000);
    const int year = static_cast<int>(date.year());

    std::array<char, sizeof "-32767-04-01T03:00:00.123456Z"> text;
    char* end = text.data();
    const auto put = [&end](std::uint32_t value, std::size_t digits) {
        for (auto i = digits; i > 0; value /= 10) end[--i] = static_cast<char>('0' + value % 10);
        end += digits;
    };
    if (year < 0) *end++ = '-';
    put(static_cast<std::uint32_t>(std::abs(year)), std::abs(year) > 9999 ? 5 : 4);
    *end++ = '-';
    put(static_cast<unsigned>(date.month()), 2);
    *end++ = '-';
    put(static_cast<unsigned>(date.day()), 2);
    *end++ = 'T';
    put(seconds / 3600, 2);
    *end++ = ':';
    put(seconds / 60 % 60, 2);
    *end++ = ':';
    put(seconds % 60, 2);
    if (fraction != 0) {
        *end++ = '.';
        put(fraction, 6);
    }
    *end++ = 'Z';
    return {text.data(), end};
}

std::optional<Timestamp> parse_time(std::string_view text) {
    using namespace std::chrono;
    const auto y = take_number(text, 4);
    if (!y || !take(text, '-')) return std::nullopt;
    const auto m = take_number(text, 2);
    if (!m || !take(text, '-')) return std::nullopt;
    const auto d = take_number(text, 2);
    if (!d || (!take(text, 'T') && !take(text, 't') && !take(text, ' '))) return std::nullopt;
    const year_month_day date(
        year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))
    );
    const auto hour = take_number(text, 2);
    if (!date.ok() || !hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || *second > 59) return std::nullopt;
    microseconds fraction(0);
    if (take(text, '.')) {
        const auto taken = take_fraction(text);
        if (!taken) return std::nullopt;
        fraction = *taken;
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    const auto time = Timestamp(sys_days(date)) + hours(*hour) + minutes(*minute) +
                      seconds(*second) + fraction - *offset;
    // Years of four digits, in UTC too: what is read can be written.
    constexpr auto first = sys_days(year(0) / January / 1),
                   end = sys_days(year(10000) / January / 1);
    if (time < first || time >= end) return std::nullopt;
    return time;
}

}  // namespace vitrine
