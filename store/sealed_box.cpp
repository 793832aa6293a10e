#include "store/sealed_box.hpp"

#include <sodium.h>

#include <stdexcept>

namespace vitrine::store {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
}

}  // namespace

std::string seal(const MasterKey& key, std::string_view owner, std::string_view secret) {
    start_sodium();
    std::string sealed(nonce_bytes + secret.size() + tag_bytes, '\0');
    randombytes_buf(sealed.data(), nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes(sealed) + nonce_bytes,
        nullptr,
        bytes(secret),
        secret.size(),
        bytes(owner),
        owner.size(),
        nullptr,
        bytes(sealed),
        bytes(key.bytes())
    );
    return sealed;
}

std::optional<std::string> unseal(
    const MasterKey& key, std::string_view owner, std::string_view sealed
) {
    start_sodium();
    if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
    const auto cipher = sealed.substr(nonce_bytes);
    std::string secret(cipher.size() - tag_bytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes(secret),
        nullptr,
        nullptr,
        bytes(cipher),
        cipher.size(),
        bytes(owner),
        owner.size(),
        bytes(sealed),
        bytes(key.bytes())
    );
    if (failed != 0) return std::nullopt;
    return secret;
}

void wipe(std::string& secret) {
    sodium_memzero(secret.data(), secret.size());
}

}  // namespace vitrine::store
