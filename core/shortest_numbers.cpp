#include "core/shortest_numbers.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace vitrine {
namespace {

/// What the library writes with fewer digits is the shortest already.
constexpr std::ptrdiff_t many_digits = 15;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string shortest(std::string_view number) {
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    char text[32];
    auto end = std::to_chars(text, text + sizeof text, value).ptr;
    const auto is_integer = std::string_view(text, end).find_first_of(".e") == std::string::npos;
    if (is_integer)  // it stays a number with a fraction
        end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    return {text, end};
}

}  // namespace

std::string with_shortest_numbers(std::string json) {
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (json[at] == '"') {
            while (json[++at] != '"') at += json[at] == '\\' ? 1 : 0;
        } else if (is_digit(json[at])) {
            const auto end = std::min(json.find_first_not_of("0123456789.eE+-", at), json.size());
            const std::string_view number(json.data() + at, end - at);
            if (std::ranges::count_if(number, is_digit) > many_digits &&
                number.find_first_of(".eE") != std::string_view::npos) {
                const auto better = shortest(number);
                json.replace(at, number.size(), better);
                at += better.size() - 1;
            } else {
                at = end - 1;
            }
        }
    }
    return json;
}

}  // namespace vitrine
