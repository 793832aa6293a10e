#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// JSON written straight into a text: objects begin with the caller's `{`.
namespace vitrine {

/// Appends text as a JSON string, quotes included. It is UTF-8: that is not looked at.
void append_quoted(std::string& out, std::string_view text);

/// Appends `,"name":` or, as the first member after a brace, `"name":`.
void append_name(std::string& out, std::string_view name);

inline void append_text(std::string& out, std::string_view name, std::string_view text) {
    append_name(out, name);
    append_quoted(out, text);
}

inline void append_raw(std::string& out, std::string_view name, std::string_view raw) {
    append_name(out, name);
    out += raw;
}

inline void append_number(std::string& out, std::string_view name, std::int64_t number) {
    append_name(out, name);
    out += std::to_string(number);
}

}  // namespace vitrine
