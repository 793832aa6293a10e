#include "gateways/webhooks_out/signature.hpp"

#include <openssl/rand.h>

#include <stdexcept>

#include "core/base64.hpp"
#include "core/hmac.hpp"
#include "core/text.hpp"

namespace vitrine::webhooks_out {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t fresh_bytes = 32, least_bytes = 24, most_bytes = 64;

}  // namespace

std::string new_secret() {
    std::string bytes(fresh_bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), fresh_bytes) != 1)
        throw std::runtime_error("there are no random bytes");
    return std::string(prefix) + encode_base64(bytes);
}

std::optional<std::string> key_of(std::string_view secret) {
    if (!secret.starts_with(prefix)) return std::nullopt;
    auto key = decode_base64(secret.substr(prefix.size()));
    if (key && (key->size() < least_bytes || key->size() > most_bytes)) return std::nullopt;
    return key;
}

std::string signature_of(
    std::string_view key, std::string_view id, std::int64_t seconds, std::string_view body
) {
    std::string text;
    text.reserve(id.size() + body.size() + 24);
    text.append(id).append(".").append(std::to_string(seconds)).append(".").append(body);
    return "v1," + encode_base64(bytes_of(hmac_sha256(key, text)));
}

net::Headers headers_of(const Message& message, const Signing& signing, Timestamp now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    std::string signatures;
    for (const auto& secret : signing.secrets) {
        if (const auto key = key_of(secret))
            (signatures += signatures.empty() ? "" : " ")
                .append(signature_of(*key, message.id, seconds, message.body));
    }
    net::Headers headers{
        {"Content-Type", "application/cloudevents+json; charset=utf-8"},
        {"User-Agent", "vitrine-webhooks/1"},
        {"webhook-id", message.id},
        {"webhook-timestamp", std::to_string(seconds)},
        {"webhook-signature", std::move(signatures)},
    };
    if (signing.legacy_header.empty() || signing.secrets.empty()) return headers;
    const auto mac = hmac_sha256(signing.secrets.front(), message.body);
    headers.add("X-Clubify-Event", message.type);
    headers.add("X-Clubify-Timestamp", std::to_string(seconds));
    headers.add("X-Clubify-Webhook-Id", message.id);
    headers.add(signing.legacy_header, "sha256=" + to_hex(bytes_of(mac)));
    return headers;
}

}  // namespace vitrine::webhooks_out
