#include "api/http/request_headers.hpp"

#include <algorithm>
#include <charconv>

#include "core/preferences.hpp"

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

/// Digits alone, without leading zeros.
std::optional<std::uint64_t> plain_number(std::string_view digits) {
    if (digits.empty() || (digits.front() == '0' && digits.size() > 1)) return std::nullopt;
    std::uint64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
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
    for (const auto& [range, weight] : preferences(accept)) {
        const int close = fit(range, type);
        if (close > closest) {
            closest = close;
            quality = weight;
        }
    }
    return quality;
}

/// What stands between the quotes of a tag (RFC 9110 §8.8.3).
bool is_tag_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

/// Takes one tag off the front of `text`.
std::optional<EntityTag> take_tag(std::string_view& text) {
    EntityTag tag;
    if (text.starts_with("W/")) {
        tag.weak = true;
        text.remove_prefix(2);
    }
    if (!text.starts_with('"')) return std::nullopt;
    const auto end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (!std::ranges::all_of(text.substr(1, end - 1), is_tag_character)) return std::nullopt;
    tag.text = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    return tag;
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
        auto value = parameter.substr(charset.size());
        if (value.size() > 1 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        if (!same_text(value, "utf-8") && !same_text(value, "utf8")) return false;
    }
    return true;
}

bool EntityTags::match(std::string_view etag) const {
    if (etag.starts_with("W/")) return false;
    return std::ranges::any_of(tags, [etag](const EntityTag& tag) {
        return !tag.weak && tag.text == etag;
    });
}

bool EntityTags::match_weakly(std::string_view etag) const {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    return std::ranges::find(tags, etag, &EntityTag::text) != tags.end();
}

std::optional<EntityTags> parse_entity_tags(std::string_view value) {
    EntityTags result;
    value = trimmed(value);
    if (value == "*") {
        result.any = true;
        return result;
    }
    while (!value.empty()) {
        if (value.starts_with(',')) {  // an empty element
            value = trimmed(value.substr(1));
            continue;
        }
        auto tag = take_tag(value);
        value = trimmed(value);
        if (!tag || (!value.empty() && !value.starts_with(','))) return std::nullopt;
        result.tags.push_back(*std::move(tag));
    }
    return result;
}

std::optional<VersionTag> version_tag(std::string_view etag) {
    if (etag.size() < 2) return std::nullopt;
    auto digits = etag.substr(1, etag.size() - 2);
    if (digits.ends_with(gzip_mark)) digits.remove_suffix(gzip_mark.size());
    VersionTag tag;
    if (const auto point = digits.find('.'); point != std::string_view::npos) {
        const auto facts = plain_number(digits.substr(point + 1));
        if (!facts || *facts == 0) return std::nullopt;
        tag.facts = *facts;
        digits = digits.substr(0, point);
    }
    const auto version = plain_number(digits);
    if (!version) return std::nullopt;
    tag.version = *version;
    return tag;
}

std::optional<Conditions> read_conditions(const net::Headers& headers) {
    Conditions conditions;
    if (const auto value = headers.list("If-Match")) {
        conditions.match = parse_entity_tags(*value);
        if (!conditions.match) return std::nullopt;
    }
    if (const auto value = headers.list("If-None-Match")) {
        conditions.none_match = parse_entity_tags(*value);
        if (!conditions.none_match) return std::nullopt;
    }
    return conditions;
}

AcceptedCodings accepted_codings(const net::Headers& headers) {
    const auto value = headers.list("Accept-Encoding");
    if (!value) return {};
    std::optional<double> gzip, identity, any;
    for (const auto& [coding, weight] : preferences(*value)) {
        if (same_text(coding, "gzip") || same_text(coding, "x-gzip")) gzip = weight;
        if (same_text(coding, "identity")) identity = weight;
        if (coding == "*") any = weight;
    }
    const double gzip_weight = gzip.value_or(any.value_or(0));
    // Identity is taken unless it is refused, and liked least unless it is named.
    const bool takes_identity = identity.value_or(any.value_or(1)) > 0;
    return {
        takes_identity, gzip_weight > 0, gzip_weight > 0 && gzip_weight >= identity.value_or(0)
    };
}

bool is_plain_content(const net::Headers& headers) {
    const auto value = headers.list("Content-Encoding");
    for (std::string_view rest = value ? std::string_view(*value) : ""; !rest.empty();) {
        const auto coding = next_part(rest, ',');
        if (!coding.empty() && !same_text(coding, "identity")) return false;
    }
    return true;
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
