#include "core/printable.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace vitrine {
namespace {

bool is_plain_ascii(char c) {
    return c >= 0x20 && c < 0x7f;
}

/// Only chooses how the character before it looks.
bool chooses_a_form(UChar32 c) {
    return c == 0xFE0E || c == 0xFE0F;
}

bool is_seen_as_it_is(UChar32 c) {
    switch (u_charType(c)) {
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_SURROGATE:
        case U_PRIVATE_USE_CHAR:
        case U_UNASSIGNED:
            return false;
        default:
            return chooses_a_form(c) || !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    }
}

void append_unit(std::string& text, unsigned unit) {
    constexpr char digits[] = "0123456789abcdef";
    text += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) text += digits[(unit >> shift) & 15];
}

void append_escaped(std::string& text, UChar32 c) {
    if (c < 0x10000) return append_unit(text, static_cast<unsigned>(c));
    const auto above = static_cast<unsigned>(c - 0x10000);
    append_unit(text, 0xD800 + (above >> 10));
    append_unit(text, 0xDC00 + (above & 0x3FF));
}

template <class Keep>
std::string escaped(std::string_view text, Keep keep) {
    std::string result;
    result.reserve(text.size());
    const auto size = static_cast<std::int32_t>(text.size());
    const auto* bytes = text.data();
    for (std::int32_t i = 0; i < size;) {
        const auto start = i;
        if (is_plain_ascii(bytes[i])) {
            while (i < size && is_plain_ascii(bytes[i])) ++i;
            result.append(
                text, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start)
            );
            continue;
        }
        UChar32 c = 0;
        U8_NEXT(bytes, i, size, c);
        if (c < 0) {
            result += "\xEF\xBF\xBD";
        } else if (keep(c) || is_seen_as_it_is(c)) {
            result.append(
                text, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start)
            );
        } else {
            append_escaped(result, c);
        }
    }
    return result;
}

}  // namespace

std::string printable(std::string_view text) {
    return escaped(text, [](UChar32 c) { return c == '\n'; });
}

std::string printable_line(std::string_view text) {
    return escaped(text, [](UChar32) { return false; });
}

std::size_t columns_of(std::string_view utf8) {
    std::size_t columns = 0;
    const auto size = static_cast<std::int32_t>(utf8.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 c = 0;
        U8_NEXT(utf8.data(), i, size, c);
        const auto type = c < 0 ? U_UNASSIGNED : u_charType(c);
        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) continue;
        const auto width = c < 0 ? 0 : u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        columns += width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
    }
    return columns;
}

}  // namespace vitrine
