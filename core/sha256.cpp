#include "core/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "core/text.hpp"

namespace vitrine {
namespace {

void check(bool done) {
    if (!done) throw std::runtime_error("SHA-256 failed");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}
void Sha256::Free::operator()(evp_md_st* algorithm) const {
    EVP_MD_free(algorithm);
}

Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!algorithm_ || !context_) throw std::runtime_error("OpenSSL has no SHA-256");
}

Sha256::Digest Sha256::digest(std::string_view bytes) {
    begin();
    add(bytes);
    return end();
}

void Sha256::begin() {
    check(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Sha256::Digest Sha256::end() {
    Digest digest;
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size());
    return digest;
}

std::string sha256_hex(std::string_view bytes) {
    thread_local Sha256 sha256;
    return to_hex(bytes_of(sha256.digest(bytes)));
}

std::string_view bytes_of(const Sha256::Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace vitrine
