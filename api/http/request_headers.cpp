#include "api/http/request_headers.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine::api {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_text(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// Takes the part before the next separator off `text`.
std::string_view next_part(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number in `"12"`, or before the point in `"12.602"`: digits alone, without leading zeros.
std::optional<Version> quoted_version(std::string_view tag) {
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return std::nullopt;
    auto digits = tag.substr(1, tag.size() - 2);
    if (const auto point = digits.find('.'); point != std::string_view::npos) {
        const auto facts = digits.substr(point + 1);
        if (point == 0 || facts.empty() || !std::ranges::all_of(facts, is_digit))
            return std::nullopt;
        digits = digits.substr(0, point);
    }
    if (digits.front() == '0' && digits.size() > 1) return std::nullopt;
    Version version = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, version);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return version;
}

bool is_lower_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool all_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

/// How well a media range fits a type: exactly 3, "text/*" 2, "*/*" 1, not 0.
int fit(std::string_view range, std::string_view type) {
    if (same_text(range, type)) return 3;
    if (range == "*/*") return 1;
    const bool any_subtype = range.ends_with("/*");
    return any_subtype && same_text(
                              range.substr(0, range.size() - 1),
                              type.substr(0, std::min(type.size(), range.size() - 1))
                          )
               ? 2
               : 0;
}

/// The weight that the closest range gives the type; 0: not accepted.
double quality_of(std::string_view type, std::string_view accept) {
    int closest = 0;
    double quality = 0;
    while (!accept.empty()) {
        auto parameters = next_part(accept, ',');
        const int close = fit(next_part(parameters, ';'), type);
        double weight = 1;
        while (!parameters.empty()) {
            const auto parameter = next_part(parameters, ';');
            if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
            const auto* end = parameter.data() + parameter.size();
            if (std::from_chars(parameter.data() + 2, end, weight).ptr != end) weight = 0;
        }
        if (close > closest) {
            closest = close;
            quality = weight;
        }
    }
    return quality;
}

/// True if the list is `*` or has a tag, weak or strong, that is one of the `wanted`.
bool any_tag(std::string_view list, const auto& wanted) {
    while (!list.empty()) {
        auto tag = next_part(list, ',');
        if (tag == "*") return true;
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (wanted(tag)) return true;
    }
    return false;
}

}  // namespace

std::optional<std::string_view> bearer_key(const net::Headers& headers) {
    const auto value = headers.find("Authorization");
    if (!value || headers.count("Authorization") != 1) return std::nullopt;
    constexpr std::string_view scheme = "Bearer ";
    if (value->size() <= scheme.size() || !same_text(value->substr(0, scheme.size()), scheme)) {
        return std::nullopt;
    }
    const auto key = trimmed(value->substr(scheme.size()));
    if (key.empty()) return std::nullopt;
    return key;
}

bool is_json(std::string_view content_type) {
    if (!same_text(next_part(content_type, ';'), "application/json")) return false;
    while (!content_type.empty()) {
        const auto parameter = next_part(content_type, ';');
        constexpr std::string_view charset = "charset=";
        if (!same_text(parameter.substr(0, charset.size()), charset)) continue;
        const auto value = parameter.substr(charset.size());
        if (!same_text(value, "utf-8") && !same_text(value, "\"utf-8\"")) return false;
    }
    return true;
}

std::optional<Expected> parse_if_match(std::string_view value) {
    value = trimmed(value);
    if (value == "*") return Expected{true, 0};
    const auto version = quoted_version(value);
    if (!version) return std::nullopt;
    return Expected{false, *version};
}

bool none_match_holds(std::string_view value, Version version) {
    return any_tag(value, [version](std::string_view tag) {
        return quoted_version(tag) == version;
    });
}

bool none_match_holds(std::string_view value, std::string_view etag) {
    return any_tag(value, [etag](std::string_view tag) { return tag == etag; });
}

bool is_token_text(std::string_view value, std::size_t most) {
    return !value.empty() && value.size() <= most &&
           std::ranges::all_of(value, [](char c) { return c > ' ' && c < 127; });
}

bool is_traceparent(std::string_view value) {
    if (value.size() != 55 || value[2] != '-' || value[35] != '-' || value[52] != '-') return false;
    const auto trace = value.substr(3, 32);
    const auto parent = value.substr(36, 16);
    return value.starts_with("00") && is_lower_hex(trace) && is_lower_hex(parent) &&
           is_lower_hex(value.substr(53)) && !all_zero(trace) && !all_zero(parent);
}

std::optional<std::string_view> best_accepted(
    std::optional<std::string_view> accept, std::span<const std::string_view> offered
) {
    if (!accept || accept->empty()) return offered.front();
    std::optional<std::string_view> best;
    double best_quality = 0;
    for (const auto type : offered) {
        const double quality = quality_of(type, *accept);
        if (quality > best_quality) {
            best = type;
            best_quality = quality;
        }
    }
    return best;
}

}  // namespace vitrine::api
