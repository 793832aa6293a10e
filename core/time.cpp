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

/// With zeros before it, so that there are at least so many digits. Every row of a read model has
/// times: std::snprintf took a tenth of a rebuild.
void append_number(std::string& text, std::int64_t value, std::size_t digits) {
    std::array<char, 20> reversed{};
    std::size_t count = 0;
    for (; value != 0 || count < digits; value /= 10) {
        reversed[count++] = static_cast<char>('0' + value % 10);
    }
    while (count > 0) text += reversed[--count];
}

}  // namespace

Clock system_clock() {
    return [] {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now()
        );
    };
}

std::string format_time(Timestamp time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string text;
    text.reserve(sizeof "2011-04-01T03:00:00.123456Z");
    const int year = static_cast<int>(date.year());
    if (year < 0) text += '-';
    append_number(text, std::abs(year), 4);
    append_number(text += '-', static_cast<unsigned>(date.month()), 2);
    append_number(text += '-', static_cast<unsigned>(date.day()), 2);
    append_number(text += 'T', clock.hours().count(), 2);
    append_number(text += ':', clock.minutes().count(), 2);
    append_number(text += ':', clock.seconds().count(), 2);
    const auto micros = clock.subseconds().count();
    if (micros != 0) append_number(text += '.', micros, 6);
    return text += 'Z';
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
    return Timestamp(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) +
           fraction - *offset;
}

}  // namespace vitrine
