#include "store/person_seal.hpp"

#include <sodium.h>

#include "core/base64.hpp"

namespace vitrine::store {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(PersonKey::key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

/// No part can run into the next.
std::string written(const SealedPlace& place) {
    std::string text;
    for (const auto part : {place.tenant, place.stream, place.id, place.member}) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    return text;
}

std::string nonce_of(const PersonKey& key, std::string_view place, std::string_view text) {
    crypto_generichash_state state;
    std::string nonce(nonce_bytes, '\0');
    crypto_generichash_init(&state, bytes(key.bytes()), key.bytes().size(), nonce.size());
    crypto_generichash_update(&state, bytes(place), place.size());
    crypto_generichash_update(&state, bytes(text), text.size());
    crypto_generichash_final(&state, bytes(nonce), nonce.size());
    return nonce;
}

}  // namespace

std::string seal_text(const PersonKey& key, const SealedPlace& place, std::string_view text) {
    const auto where = written(place);
    auto sealed = key.id() + nonce_of(key, where, text);
    const auto head = sealed.size();
    sealed.resize(head + text.size() + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes(sealed) + head,
        nullptr,
        bytes(text),
        text.size(),
        bytes(where),
        where.size(),
        nullptr,
        bytes(sealed) + key.id().size(),
        bytes(key.bytes())
    );
    return encode_base64(sealed);
}

std::optional<std::string> open_text(
    const PersonKey& key, const SealedPlace& place, std::string_view sealed
) {
    const auto whole = decode_base64(sealed);
    constexpr auto head = PersonKey::id_bytes + nonce_bytes;
    if (!whole || whole->size() < head + tag_bytes) return std::nullopt;
    const auto where = written(place);
    std::string text(whole->size() - head - tag_bytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes(text),
        nullptr,
        nullptr,
        bytes(*whole) + head,
        whole->size() - head,
        bytes(where),
        where.size(),
        bytes(*whole) + PersonKey::id_bytes,
        bytes(key.bytes())
    );
    if (failed != 0) return std::nullopt;
    return text;
}

std::string key_id_of(std::string_view sealed) {
    // 16 bytes are in the first 24 characters; a whole group of four decodes by itself.
    constexpr std::size_t head = 24;
    if (sealed.size() < head) return {};
    const auto decoded = decode_base64(sealed.substr(0, head));
    return decoded ? decoded->substr(0, PersonKey::id_bytes) : std::string();
}

}  // namespace vitrine::store
