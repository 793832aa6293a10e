#include "core/card_number.hpp"

#include <cstddef>
#include <string>

namespace vitrine {
namespace {

constexpr std::size_t shortest = 13, longest = 19;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    bool doubled = false;
    for (std::size_t i = digits.size(); i-- > 0; doubled = !doubled) {
        int digit = digits[i] - '0';
        if (doubled) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return sum % 10 == 0;
}

bool is_card_number(std::string_view digits) {
    return digits.size() >= shortest && digits.size() <= longest && digits[0] >= '2' &&
           digits[0] <= '6' && passes_luhn(digits);
}

}  // namespace

bool has_card_number(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const bool is_apart = at == 0 || (!is_letter(text[at - 1]) && text[at - 1] != '+');
        std::string digits;
        for (; at < text.size(); ++at) {
            const bool is_between = (text[at] == ' ' || text[at] == '-') && at + 1 < text.size() &&
                                    is_digit(text[at + 1]);
            if (is_digit(text[at])) {
                digits += text[at];
            } else if (!is_between) {
                break;
            }
        }
        const bool is_whole = at == text.size() || !is_letter(text[at]);
        if (is_apart && is_whole && is_card_number(digits)) return true;
    }
    return false;
}

}  // namespace vitrine
