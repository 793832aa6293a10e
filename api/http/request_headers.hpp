#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "net/http.hpp"

// What the header fields of a request mean to us. Pure.
namespace vitrine::api {

/// The key of `Authorization: Bearer <key>`; nullopt: absent, repeated, or of another scheme.
std::optional<std::string_view> bearer_key(const net::Headers& headers);

/// True for `application/json`, with no charset but UTF-8.
bool is_json(std::string_view content_type);

/// If-Match names one version, or any (`*`).
struct Expected {
    bool any = false;
    Version version = 0;
};

/// `"12"` or `*`; nullopt: malformed.
std::optional<Expected> parse_if_match(std::string_view value);

/// True if one of the tags of If-None-Match is `"<version>"`, weak or strong, or `*`.
bool none_match_holds(std::string_view value, Version version);

/// The same for an entity tag, given in its quotes.
bool none_match_holds(std::string_view value, std::string_view etag);

/// 1 to `most` visible ASCII characters.
bool is_token_text(std::string_view value, std::size_t most);

/// The W3C form "00-<32 hex>-<16 hex>-<2 hex>", ids not all zero.
bool is_traceparent(std::string_view value);

/// The one of the offered media types ("application/json") that `Accept` likes best, the earlier of
/// equals; the first where there is no such field, nullopt where it accepts none (RFC 9110
/// §12.5.1).
std::optional<std::string_view> best_accepted(
    std::optional<std::string_view> accept, std::span<const std::string_view> offered
);

}  // namespace vitrine::api
