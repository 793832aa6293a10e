#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "net/http.hpp"

// What the header fields of a request mean to us. Pure.
namespace vitrine::api {

/// The key of `Authorization: Bearer <key>`; nullopt: absent, repeated, or of another scheme.
std::optional<std::string_view> bearer_key(const net::Headers& headers);

/// True for `application/json`, with no charset but UTF-8.
bool is_json(std::string_view content_type);

struct EntityTag {
    bool weak = false;
    std::string text;  // in its quotes
};

/// What If-Match or If-None-Match names; an empty list names nothing (RFC 9110 §5.6.1).
struct EntityTags {
    bool any = false;  // "*"
    std::vector<EntityTag> tags;

    /// Strong comparison (RFC 9110 §8.8.3.2): a weak tag is never the same.
    bool match(std::string_view etag) const;
    /// Weak comparison.
    bool match_weakly(std::string_view etag) const;
};

/// nullopt: malformed.
std::optional<EntityTags> parse_entity_tags(std::string_view value);

/// What the strong ETag of a representation ends with, in its quotes, when it is sent as gzip.
constexpr std::string_view gzip_mark = "-gzip";

/// What an ETag of an offer or product says, also as it is called when it was sent compressed:
/// `"12"`, or `"12.602"` of an offer whose products told something since, at that position.
struct VersionTag {
    Version version = 0;
    Position facts = 0;  // 0: it has none
    bool operator==(const VersionTag&) const = default;
};

/// nullopt: the ETag (in its quotes) is of something else.
std::optional<VersionTag> version_tag(std::string_view etag);

/// If-Match and If-None-Match; nullopt: one of them is malformed.
struct Conditions {
    std::optional<EntityTags> match;
    std::optional<EntityTags> none_match;
};
std::optional<Conditions> read_conditions(const net::Headers& headers);

/// Which codings Accept-Encoding takes, and whether gzip is liked at least as well (RFC 9110
/// §12.5.3).
struct AcceptedCodings {
    bool identity = true;
    bool gzip = false;
    bool prefers_gzip = false;
};
AcceptedCodings accepted_codings(const net::Headers& headers);

/// Content-Encoding names nothing that would have to be decoded.
bool is_plain_content(const net::Headers& headers);

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
