#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vitrine::queries {

/// How a cache fares; since the start, but for the entries.
struct CacheFigures {
    std::string_view cache;
    std::size_t entries = 0;    // now
    std::uint64_t hits = 0;     // answered from what was kept
    std::uint64_t misses = 0;   // waited for the platform
    std::uint64_t evicted = 0;  // entries that had to make room
};

}  // namespace vitrine::queries
