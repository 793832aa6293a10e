#include "net/header_text.hpp"

#include <algorithm>

namespace vitrine::net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || lower(x) == lower(y);
           });
}

bool is_framing(std::string_view name) {
    switch (name.size()) {
        case 10:
            return same_name(name, "Connection");
        case 14:
            return same_name(name, "Content-Length");
        case 17:
            return same_name(name, "Transfer-Encoding");
        default:
            return false;
    }
}

bool breaks_header(std::string_view text) {
    for (const char c : text) {
        if (c == '\r' || c == '\n' || c == '\0') return true;
    }
    return false;
}

}  // namespace vitrine::net
