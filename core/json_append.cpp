#include "core/json_append.hpp"

#include <algorithm>

namespace vitrine {

void append_quoted(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
        }
    }
    out.append(text, plain);
    out += '"';
}

// In one piece: rows consist of names by a third.
void append_name(std::string& out, std::string_view name) {
    const auto before = out.size();
    const bool is_first = out.back() == '{';
    const auto size = before + name.size() + (is_first ? 3 : 4);
    out.resize_and_overwrite(size, [&](char* text, std::size_t) {
        char* to = text + before;
        if (!is_first) *to++ = ',';
        *to++ = '"';
        to = std::ranges::copy(name, to).out;
        *to++ = '"';
        *to = ':';
        return size;
    });
}

}  // namespace vitrine
