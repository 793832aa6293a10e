#include "sandbox/random.hpp"

#include <string_view>

namespace vitrine::sandbox {
namespace {

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream)
    : state_(mix(seed + golden) ^ mix(stream * golden + 1)) {}

std::uint64_t Random::next() {
    return mix(state_ += golden);
}

double Random::fraction() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::string Random::hex(std::size_t digits) {
    constexpr std::string_view letters = "0123456789abcdef";
    std::string text;
    text.reserve(digits);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (i % 16 == 0) bits = next();
        text += letters[bits & 15];
        bits >>= 4;
    }
    return text;
}

}  // namespace vitrine::sandbox
