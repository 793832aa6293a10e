#include "core/card_number.hpp"

#include <cstddef>
#include <string>

#include "core/uuid.hpp"

namespace vitrine {
namespace {

constexpr std::size_t shortest = 13, longest = 19;
constexpr std::size_t uuid_size = 36;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// An id has groups of digits too, by chance such that they look like a card's.
bool is_id_at(std::string_view text, std::size_t at) {
    const auto goes_on = [&](std::size_t place) {
        return is_digit(text[place]) || is_letter(text[place]) || text[place] == '-';
    };
    if (at + uuid_size > text.size() || (at > 0 && goes_on(at - 1))) return false;
    const bool ends = at + uuid_size == text.size() || !goes_on(at + uuid_size);
    return ends && is_uuid(text.substr(at, uuid_size));
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
        if (is_id_at(text, at)) {
            at += uuid_size;
            continue;
        }
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
