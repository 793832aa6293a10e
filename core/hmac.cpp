#include "core/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace vitrine {

Sha256::Digest hmac_sha256(std::string_view key, std::string_view text) {
    Sha256::Digest digest;
    unsigned size = 0;
    // No key at all would be the key of the call before.
    const char* bytes = key.empty() ? "" : key.data();
    const auto* made = HMAC(
        EVP_sha256(),
        bytes,
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        digest.data(),
        &size
    );
    if (made == nullptr || size != digest.size()) throw std::runtime_error("HMAC-SHA256 failed");
    return digest;
}

bool equal_in_constant_time(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace vitrine
