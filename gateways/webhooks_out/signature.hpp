#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "net/http.hpp"

// What a message is signed with, and how: Standard Webhooks 1.0, and the headers of before it.
namespace vitrine::webhooks_out {

/// "whsec_" and 32 random bytes in base64.
std::string new_secret();

/// The bytes that a secret stands for; nullopt: it has not that form, or not 24 to 64 of them.
std::optional<std::string> key_of(std::string_view secret);

/// "v1,<base64>": of id, time and body, as they are sent.
std::string signature_of(
    std::string_view key, std::string_view id, std::int64_t seconds, std::string_view body
);

/// How an endpoint wants its messages signed.
struct Signing {
    std::vector<std::string> secrets;  // the newest first; each signs
    /// The header of the HMAC over the body alone, with its companions X-Clubify-…; empty: none of
    /// them is sent. Its key is the text of the newest secret, "whsec_" and all.
    std::string legacy_header;
};

/// One message: the bytes are the same however often it is sent.
struct Message {
    std::string id;    // without a dot
    std::string type;  // of the event
    std::string body;
};

/// The headers of one attempt at `now`.
net::Headers headers_of(const Message& message, const Signing& signing, Timestamp now);

}  // namespace vitrine::webhooks_out
