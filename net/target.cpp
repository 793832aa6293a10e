#include "core/text.hpp"
#include "net/header_text.hpp"
#include "net/http.hpp"

namespace vitrine::net {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// False: a broken escape, a NUL, or not UTF-8.
bool decode(std::string_view text, bool plus_is_space, std::string& out) {
    out.clear();
    out.reserve(text.size());
    bool ascii = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3) return false;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return false;
        if (static_cast<unsigned char>(c) >= 128) ascii = false;
        out += c;
    }
    return ascii || is_utf8(out);
}

bool parse_segments(std::string_view path, Target& target) {
    if (!decode(path, false, target.path)) return false;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0) {
            std::string segment;
            if (!decode(path.substr(0, end), false, segment)) return false;
            target.segments.push_back(std::move(segment));
        }
        path.remove_prefix(end);
    }
    return true;
}

bool parse_query(std::string_view query, Target& target) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (part.empty()) continue;
        const auto equals = std::min(part.find('='), part.size());
        std::string name;
        std::string value;
        if (!decode(part.substr(0, equals), true, name)) return false;
        if (equals < part.size() && !decode(part.substr(equals + 1), true, value)) return false;
        target.query.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

bool starts_with_scheme(std::string_view target, std::string_view scheme) {
    return target.size() >= scheme.size() && same_name(target.substr(0, scheme.size()), scheme);
}

}  // namespace

std::optional<std::string> origin_form(std::string_view method, std::string_view target) {
    if (target.starts_with('/')) return std::string(target);
    if (target == "*" && method == "OPTIONS") return std::string(target);
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!starts_with_scheme(target, scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto end = std::min(target.find_first_of("/?#"), target.size());
        const auto authority = target.substr(0, end);
        // A name and password before the host are a way to deceive (RFC 9110 §4.2.4).
        if (authority.empty() || authority.contains('@')) return std::nullopt;
        target.remove_prefix(end);
        return (target.starts_with('/') ? "" : "/") + std::string(target);
    }
    return std::nullopt;
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::optional<Target> parse_target(std::string_view target) {
    if (target.empty() || target.front() != '/') return std::nullopt;
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 127 || c == '#') return std::nullopt;
    }
    const auto question = std::min(target.find('?'), target.size());
    Target result;
    if (!parse_segments(target.substr(0, question), result)) return std::nullopt;
    if (question < target.size() && !parse_query(target.substr(question + 1), result)) {
        return std::nullopt;
    }
    return result;
}

std::string percent_encode(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4];
        result += digits[byte & 15];
    }
    return result;
}

}  // namespace vitrine::net
