#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_md_st;

namespace vitrine {

/// OpenSSL's, which uses what the processor has for it. Kept for many digests, since looking up the
/// algorithm takes longer than one of them. One thread at a time. Throws std::runtime_error.
class Sha256 {
public:
    using Digest = std::array<std::uint8_t, 32>;

    Sha256();
    Digest digest(std::string_view bytes);

    /// The same of bytes that come in pieces: begin, add, add, …, end.
    void begin();
    void add(std::string_view bytes);
    Digest end();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
        void operator()(evp_md_st* algorithm) const;
    };
    std::unique_ptr<evp_md_st, Free> algorithm_;
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// One digest in lower-case hexadecimal. Any thread.
std::string sha256_hex(std::string_view bytes);

/// The bytes of a digest as text, for what takes bytes so.
std::string_view bytes_of(const Sha256::Digest& digest);

}  // namespace vitrine
