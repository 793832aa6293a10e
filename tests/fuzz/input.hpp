#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// For the fuzzers: inputs as text, and what must always hold.
namespace vitrine::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// The first line and what follows it.
struct Split {
    std::string_view line;
    std::string_view rest;
};
inline Split split_line(std::string_view text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {text, {}};
    return {text.substr(0, end), text.substr(end + 1)};
}

/// A crash that the fuzzer keeps.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

}  // namespace vitrine::fuzz
