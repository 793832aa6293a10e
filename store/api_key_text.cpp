#include "store/api_key_text.hpp"

#include <sodium.h>

#include <stdexcept>

#include "core/hmac.hpp"
#include "core/text.hpp"
#include "store/sealed_box.hpp"

namespace vitrine::store {

std::string make_api_key() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    std::array<char, 4> name{};
    randombytes_buf(name.data(), name.size());
    std::array<unsigned char, 32> secret{};
    randombytes_buf(secret.data(), secret.size());
    std::array<char, 44> text{};
    sodium_bin2base64(
        text.data(),
        text.size(),
        secret.data(),
        secret.size(),
        sodium_base64_VARIANT_URLSAFE_NO_PADDING
    );
    auto key = "vtr_" + to_hex({name.data(), name.size()}) + "_" + text.data();
    sodium_memzero(secret.data(), secret.size());
    sodium_memzero(text.data(), text.size());
    return key;
}

ApiKeyHash hash_api_key(std::string_view text) {
    thread_local Sha256 sha256;
    return sha256.digest(text);
}

bool equal(const ApiKeyHash& one, const ApiKeyHash& other) {
    return equal_in_constant_time(bytes_of(one), bytes_of(other));
}

}  // namespace vitrine::store
