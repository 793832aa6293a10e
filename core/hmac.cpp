#include "core/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

namespace vitrine {
namespace {

struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    void operator()(EVP_MAC* algorithm) const { EVP_MAC_free(algorithm); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

/// Each thread keeps one, since looking up the algorithms takes longer than a short text.
Context new_context() {
    const std::unique_ptr<EVP_MAC, Free> algorithm(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    Context context(EVP_MAC_CTX_new(algorithm.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()
    };
    if (!context || EVP_MAC_CTX_set_params(context.get(), parameters) != 1)
        throw std::runtime_error("HMAC-SHA256 cannot be started");
    return context;
}

const unsigned char* unsigned_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256::Digest hmac_sha256(std::string_view key, std::string_view text) {
    thread_local const Context context = new_context();
    Sha256::Digest digest;
    std::size_t size = 0;
    // No key at all would be the key of the call before.
    const std::string_view own_key = key.empty() ? std::string_view("") : key;
    const bool made =
        EVP_MAC_init(context.get(), unsigned_bytes(own_key), own_key.size(), nullptr) == 1 &&
        EVP_MAC_update(context.get(), unsigned_bytes(text), text.size()) == 1 &&
        EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1;
    if (!made || size != digest.size()) throw std::runtime_error("HMAC-SHA256 failed");
    return digest;
}

bool equal_in_constant_time(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace vitrine
