#include "core/phone_number.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/calling_codes.hpp"

namespace vitrine {
namespace {

constexpr std::string_view brazil = "55";
constexpr std::size_t area_size = 2;
constexpr std::size_t carrier_size = 2;
constexpr std::size_t landline_size = 8;
constexpr std::size_t mobile_size = 9;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_mark(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
}

/// What is written between digits, in the ways of people and of their programs.
constexpr std::array<std::string_view, 4> other_marks{
    "\u00A0",  // a blank where no line ends
    "\u2010",  // hyphens
    "\u2011",
    "\u2013",
};

struct Written {
    bool is_international = false;  // begins with "+"
    std::string digits;
};

std::optional<Written> read(std::string_view text) {
    Written written;
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.starts_with('+')) {
        written.is_international = true;
        text.remove_prefix(1);
    }
    while (!text.empty()) {
        const auto* mark = std::ranges::find_if(other_marks, [text](std::string_view each) {
            return text.starts_with(each);
        });
        std::size_t taken = 1;
        if (mark != other_marks.end()) {
            taken = mark->size();
        } else if (is_digit(text.front())) {
            written.digits += text.front();
        } else if (!is_mark(text.front())) {
            return std::nullopt;
        }
        text.remove_prefix(taken);
    }
    return written;
}

/// 11 to 19, and so on: of the tens those that are there.
bool is_area(std::string_view area) {
    constexpr std::array<std::string_view, 10> second{
        "",
        "123456789",
        "12478",
        "1234578",
        "123456789",
        "1345",
        "123456789",
        "134579",
        "123456789",
        "123456789"
    };
    return second[static_cast<std::size_t>(area[0] - '0')].contains(area[1]);
}

bool is_carrier(std::string_view code) {
    constexpr std::array<std::string_view, 13> codes{
        "12", "14", "15", "21", "22", "23", "25", "31", "41", "43", "55", "65", "99"
    };
    return std::ranges::find(codes, code) != codes.end();
}

/// An area and a number there.
bool is_long(std::size_t size) {
    return size == area_size + landline_size || size == area_size + mobile_size;
}

/// Without the 0 of long distance and the carrier that may stand behind it.
std::string_view without_trunk(std::string_view digits) {
    if (!digits.starts_with('0')) return digits;
    digits.remove_prefix(1);
    const bool has_carrier = digits.size() > carrier_size &&
                             is_long(digits.size() - carrier_size) &&
                             is_carrier(digits.substr(0, carrier_size));
    return has_carrier ? digits.substr(carrier_size) : digits;
}

std::expected<std::string, NoPhoneNumber> in_brazil(std::string_view digits) {
    const auto number = without_trunk(digits);
    if (!is_long(number.size())) return std::unexpected(NoPhoneNumber::length);
    if (!is_area(number.substr(0, area_size))) return std::unexpected(NoPhoneNumber::area);
    const auto subscriber = number.substr(area_size);
    const char first = subscriber.front();
    const bool is_mobile = subscriber.size() == mobile_size && first == '9';
    // Those that begin with 7 are of trunked radio, which had no ninth digit put before.
    const bool is_landline =
        subscriber.size() == landline_size && ((first >= '2' && first <= '5') || first == '7');
    if (is_mobile || is_landline) return '+' + std::string(brazil).append(number);
    const bool lacks_ninth = subscriber.size() == landline_size && first >= '6';
    return std::unexpected(lacks_ninth ? NoPhoneNumber::ninth_digit : NoPhoneNumber::subscriber);
}

}  // namespace

std::expected<std::string, NoPhoneNumber> phone_number(std::string_view text) {
    const auto written = read(text);
    if (!written || written->digits.empty()) return std::unexpected(NoPhoneNumber::form);
    const std::string_view digits = written->digits;
    const bool has_code = digits.starts_with(brazil) &&
                          (written->is_international || is_long(digits.size() - brazil.size()));
    if (has_code) return in_brazil(digits.substr(brazil.size()));
    if (!written->is_international) return in_brazil(digits);
    const auto* country = country_of(digits);
    if (country == nullptr) return std::unexpected(NoPhoneNumber::country);
    const auto code_size = country->code < 10 ? 1U : country->code < 100 ? 2U : 3U;
    auto number = digits.substr(code_size);
    const bool may_begin_so =
        begins_with_zero(country->code) && country->has_numbers_of(number.size());
    if (number.starts_with('0') && !may_begin_so) number.remove_prefix(1);
    if (!country->has_numbers_of(number.size())) return std::unexpected(NoPhoneNumber::length);
    return '+' + std::string(digits.substr(0, code_size)).append(number);
}

}  // namespace vitrine
