#pragma once

#include <cstdint>
#include <string>

namespace vitrine::sandbox {

/// SplitMix64: a stream of numbers that a seed decides. Streams of one seed and different names are
/// independent.
class Random {
public:
    Random(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t next();
    /// 0 <= x < 1.
    double fraction();
    /// `digits` hexadecimal digits, at most 32.
    std::string hex(std::size_t digits);

private:
    std::uint64_t state_;
};

}  // namespace vitrine::sandbox
