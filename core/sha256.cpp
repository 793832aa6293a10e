#include "core/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace vitrine {

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
    Digest digest;
    unsigned size = 0;
    if (EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1 || size != digest.size()) {
        throw std::runtime_error("SHA-256 failed");
    }
    return digest;
}

}  // namespace vitrine
